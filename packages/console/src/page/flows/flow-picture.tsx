import type { Location } from '@stockfold/core';
import { useMemo } from 'preact/hooks';
import { formatCount, shortId } from '../ui/format.ts';
import { useWidth } from '../ui/use-width.ts';
import type { Flow } from './flows.ts';
import { type Band, type End, layoutOf } from './layout.ts';

type FlowPictureProps = Readonly<{
  flows: readonly Flow[];
  locations: ReadonlyMap<string, Location>;
}>;

/** Flows as bands whose widths are what flowed. The table below it says the same in numbers. */
export function FlowPicture({ flows, locations }: FlowPictureProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const layout = useMemo(() => (width === 0 ? null : layoutOf(flows, width)), [flows, width]);
  const nameOf = (id: string) => locations.get(id)?.name ?? shortId(id);
  const typeOf = (id: string) => `type-${locations.get(id)?.type ?? 'STORE'}`;
  const titleOf = ({ flow }: Band) => `${formatCount(flow.quantity)} from ${nameOf(flow.from)} to ${nameOf(flow.to)}`;
  return (
    <div class="flow-picture" ref={frame}>
      {layout !== null && (
        <svg width={width} height={layout.height} role="img" aria-label="Where stock came from, and where it went">
          {layout.bands.map(band => (
            <path
              key={`${band.flow.from} ${band.flow.to}`}
              class={`band ${typeOf(band.flow.to)}`}
              d={band.path}
              stroke-width={band.width}
            >
              <title>{titleOf(band)}</title>
            </path>
          ))}
          {layout.ends.map(end => (
            <EndOfFlows
              key={`${end.side} ${end.locationId}`}
              end={end}
              type={typeOf(end.locationId)}
              name={nameOf(end.locationId)}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

function EndOfFlows({ end, type, name }: Readonly<{ end: End; type: string; name: string }>) {
  const { side, x, y, width, height, quantity } = end;
  const isFrom = side === 'from';
  return (
    <g>
      <rect class={`end ${type}`} x={x} y={y} width={width} height={height} rx="2" />
      <text
        x={isFrom ? x + width + 8 : x - 8}
        y={y + height / 2}
        dominant-baseline="middle"
        text-anchor={isFrom ? 'start' : 'end'}
      >
        {name} <tspan class="soft">{formatCount(quantity)}</tspan>
      </text>
    </g>
  );
}
