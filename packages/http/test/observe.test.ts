import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { storeFault } from '@stockfold/core';
import { type LogEvent, traceStore } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync } from 'neverthrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MUG, ORGANIZATION, openStockedWorld, saleOf, type World } from './world.ts';

const INVENTORY = '/organizations/self/inventory';
const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('the log', () => {
  const logged = async () => {
    const events: LogEvent[] = [];
    const world = await openStockedWorld(createMemoryStore(), {}, { onLog: event => events.push(event) });
    // Asks for the document that answers are held against, which is a request too.
    await world.send('GET', '/nowhere');
    events.length = 0;
    return { world, events };
  };

  it('has an event for every answer: what was asked for, by its pattern, and what came of it', async () => {
    const { world, events } = await logged();
    const key = { 'idempotency-key': 'order-17' };
    await world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 1)] }, key);
    await world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 1)] }, key);
    await world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 0)] });
    await world.send('GET', '/nowhere/at/all');
    await world.send('GET', '/organizations/self/locations', undefined, { authorization: 'Bearer nobody' });
    const put = { method: 'PUT', route: '/organizations/:organization/inventory', organizationId: ORGANIZATION };
    const nobody = { method: 'GET', organizationId: null, isReplay: false };
    expect(events.map(({ kind, ...event }) => ({ ...event, durationMs: 0 }))).toEqual(
      [
        { ...put, status: 200, errorType: null, isReplay: false },
        { ...put, status: 200, errorType: null, isReplay: true },
        { ...put, status: 400, errorType: 'INVALID_QUANTITY', isReplay: false },
        { ...nobody, route: 'none', status: 404, errorType: 'NOT_FOUND' },
        { ...nobody, route: '/organizations/:organization/locations', status: 401, errorType: 'UNAUTHORIZED' },
      ].map(event => ({ ...event, durationMs: 0 })),
    );
  });

  it('has nothing that a user wrote', async () => {
    const { world, events } = await logged();
    const secrets = [
      'SECRETPATH',
      'SECRETQUERY',
      'SECRETBODY',
      'SECRETKEY',
      'SECRETTOKEN',
      'SECRETMETHOD',
      MUG.variantId,
    ];
    await world.send('GET', '/SECRETPATH?q=SECRETQUERY');
    await world.send('GET', '/organizations/SECRETPATH/movements?after=SECRETQUERY');
    await world.send('PUT', `${INVENTORY}?q=SECRETQUERY`, { changes: ['SECRETBODY', saleOf(MUG, 1)] });
    await world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 1)] }, { 'idempotency-key': 'SECRETKEY' });
    await world.send('PUT', INVENTORY, {}, { authorization: 'Bearer SECRETTOKEN' });
    await world.handler(new Request('http://stock.test/inventory', { method: 'SECRETMETHOD' }));
    expect(events.map(event => 'method' in event && event.method)).toEqual([
      'GET',
      'GET',
      'PUT',
      'PUT',
      'PUT',
      '_OTHER',
    ]);
    for (const secret of secrets) expect(JSON.stringify(events)).not.toContain(secret);
  });

  it('tells of streams that open and close', async () => {
    const { world, events } = await logged();
    const headers = { authorization: 'Bearer reader' };
    const request = new Request('http://stock.test/organizations/self/movements/stream?after=0', { headers });
    const reader = (await world.handler(request)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(events.map(({ kind }) => kind)).toEqual(['RequestAnswered', 'StreamOpened', 'StreamClosed']);
  });
});

describe('OpenTelemetry', () => {
  const spans = new InMemorySpanExporter();
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 3_600_000 });
  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
    );
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  });
  afterEach(async () => {
    await reader.shutdown();
    for (const api of [context, propagation, trace, metrics]) api.disable();
  });

  /** The data points of an instrument: their attributes, and their value or count. */
  const points = (name: string) =>
    exported
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(scope => scope.metrics))
      .filter(metric => metric.descriptor.name === name)
      .flatMap(metric => metric.dataPoints as readonly { attributes: object; value: number | { count: number } }[])
      .map(({ attributes, value }) => [attributes, typeof value === 'number' ? value : value.count]);

  it('gets a span per request and, below it, one per commit, and counts both', async () => {
    const store = createMemoryStore();
    let isBroken = false;
    const commit: typeof store.commit = order =>
      isBroken ? errAsync(storeFault('StoreUnavailable', 'the disk is gone')) : store.commit(order);
    const world: World = await openStockedWorld(traceStore({ ...store, commit }));
    spans.reset();
    const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
    const sell = (headers = {}) => world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 1)] }, headers);
    await sell({ traceparent });
    isBroken = true;
    await sell();
    const [committed, answered, failed, refused] = spans.getFinishedSpans();
    expect(spans.getFinishedSpans()).toHaveLength(4);
    expect(answered).toMatchObject({
      name: 'PUT /organizations/:organization/inventory',
      kind: SpanKind.SERVER,
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'http.response.status_code': 200, 'stockfold.organization_id': ORGANIZATION },
    });
    expect(answered?.spanContext().traceId).toBe(TRACE);
    expect(committed).toMatchObject({
      name: 'stockfold.commit',
      attributes: { 'stockfold.answer': 'committed', 'stockfold.records': 1 },
    });
    expect(committed?.parentSpanContext?.spanId).toBe(answered?.spanContext().spanId);
    expect(failed).toMatchObject({ attributes: { 'stockfold.answer': 'StoreUnavailable' }, status: { code: 2 } });
    expect(refused).toMatchObject({
      attributes: { 'http.response.status_code': 503, 'error.type': 'STORE_UNAVAILABLE' },
      status: { code: SpanStatusCode.ERROR },
    });
    await reader.forceFlush();
    expect(points('stockfold.commits')).toEqual([
      [{ 'stockfold.answer': 'committed' }, 2],
      [{ 'stockfold.answer': 'StoreUnavailable' }, 1],
    ]);
    expect(points('stockfold.records')).toEqual([[{}, 2]]);
    expect(points('http.server.request.duration').map(([, count]) => count)).toEqual([1, 1]);
  });
});
