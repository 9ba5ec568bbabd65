import {
  context,
  type Histogram,
  isSpanContextValid,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { HttpHandlerOptions } from './options.ts';
import type { Env } from './routes/routes.ts';

/** The name under which spans and counters are given. */
export const TELEMETRY_NAME = '@stockfold/http';

/**
 * Tells of every request: one span and one duration by OpenTelemetry, which is nothing at all where no SDK was set up,
 * and one event for the host's log. None of them holds what a user wrote.
 *
 * @see OpenTelemetry semantic conventions, "HTTP".
 */
export function observe({ onLog }: HttpHandlerOptions): MiddlewareHandler<Env> {
  const tracer = trace.getTracer(TELEMETRY_NAME);
  const durations: Histogram = metrics
    .getMeter(TELEMETRY_NAME)
    .createHistogram('http.server.request.duration', { unit: 's', description: 'How long requests took' });
  return async (c, next) => {
    const startedAt = performance.now();
    const method = METHODS.has(c.req.method) ? c.req.method : '_OTHER';
    const parent = propagation.extract(context.active(), c.req.raw.headers, HEADERS);
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent);
    // Without an SDK there is no context to hand on.
    await (isSpanContextValid(span.spanContext()) ? context.with(trace.setSpan(parent, span), next) : next());
    const durationMs = performance.now() - startedAt;
    const { status } = c.res;
    const route = routeOf(c);
    const isObserved = span.isRecording() || onLog !== undefined;
    const errorType = isObserved && status >= 400 ? await errorTypeOf(c.res) : null;
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      ...(errorType === null ? {} : { 'error.type': errorType }),
    };
    durations.record(durationMs / 1_000, attributes);
    endSpan(span, { ...attributes, 'stockfold.organization_id': organizationOf(c) ?? '' }, `${method} ${route}`);
    const isReplay = c.get('isReplay') === true;
    onLog?.({
      kind: 'RequestAnswered',
      method,
      route,
      status,
      errorType,
      durationMs,
      organizationId: organizationOf(c),
      isReplay,
    });
  };
}

// A method may be any word, and a word that was sent is nobody's business.
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']);

const HEADERS: TextMapGetter<Headers> = {
  keys: headers => [...headers.keys()],
  get: (headers, key) => headers.get(key) ?? undefined,
};

function endSpan(span: Span, attributes: Readonly<Record<string, string | number>>, name: string): void {
  span.updateName(name);
  span.setAttributes(attributes);
  // A request that the caller got wrong is no error of the server.
  if (Number(attributes['http.response.status_code']) >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** The pattern of the path, never the path itself: there are few of them, and they hold no ids. */
function routeOf(c: Context<Env>): string {
  return matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'none';
}

function organizationOf(c: Context<Env>): string | null {
  return (c.get('ledger') as Env['Variables']['ledger'] | undefined)?.organizationId ?? null;
}

/** The type of a problem, out of its own body. */
async function errorTypeOf(response: Response): Promise<string | null> {
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) return null;
  const { errorType } = (await response.clone().json()) as { errorType?: unknown };
  return typeof errorType === 'string' ? errorType : null;
}
