import { sankey, sankeyJustify, sankeyLinkHorizontal } from 'd3-sankey';
import type { Flow } from './flows.ts';

/** One end of flows: what left a location, or what came to it. */
export type End = Readonly<{
  side: 'from' | 'to';
  locationId: string;
  quantity: number;
  x: number;
  y: number;
  width: number;
  height: number;
}>;

/** A flow as a band. */
export type Band = Readonly<{ flow: Flow; path: string; width: number }>;

export type FlowLayout = Readonly<{ ends: readonly End[]; bands: readonly Band[]; height: number }>;

const END_WIDTH = 10;
const END_GAP = 26;
const END_HEIGHT = 34;

type Node = { id: string; side: 'from' | 'to'; locationId: string };
type Link = { flow: Flow };

/**
 * Lays flows out in two columns: where stock came from to the left, where it went to the right. A location may stand in
 * both, so that a sale and its refund are two bands and no circle.
 */
export function layoutOf(flows: readonly Flow[], width: number): FlowLayout {
  const ends = (side: 'from' | 'to') =>
    [...new Set(flows.map(flow => flow[side]))].map(locationId => ({ id: `${side} ${locationId}`, side, locationId }));
  const nodes: Node[] = [...ends('from'), ...ends('to')];
  const most = Math.max(ends('from').length, ends('to').length);
  const height = most * (END_HEIGHT + END_GAP) + END_GAP;
  const graph = sankey<Node, Link>()
    .nodeId(node => node.id)
    .nodeAlign(sankeyJustify)
    .nodeWidth(END_WIDTH)
    .nodePadding(END_GAP)
    .extent([
      [0, END_GAP / 2],
      [width, height - END_GAP / 2],
    ])({
    nodes,
    links: flows.map(flow => ({ source: `from ${flow.from}`, target: `to ${flow.to}`, value: flow.quantity, flow })),
  });
  const path = sankeyLinkHorizontal<Node, Link>();
  return {
    height,
    bands: graph.links.map(link => ({ flow: link.flow, path: path(link) ?? '', width: Math.max(1, link.width ?? 0) })),
    ends: graph.nodes.map(({ side, locationId, value = 0, x0 = 0, x1 = 0, y0 = 0, y1 = 0 }) => ({
      side,
      locationId,
      quantity: value,
      x: x0,
      y: y0,
      width: x1 - x0,
      height: Math.max(1, y1 - y0),
    })),
  };
}
