import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import type { LedgerStore } from '@stockfold/core';
import { TELEMETRY_NAME } from './observe.ts';

/**
 * A store that tells OpenTelemetry of its commits: a span for each, and counters of commits and records by what came of
 * them. Where no SDK was set up, it is the store alone.
 *
 * @example createLedger({ store: traceStore(createSqliteStore({ path: 'stock.db' })) })
 */
export function traceStore(store: LedgerStore): LedgerStore {
  const tracer = trace.getTracer(TELEMETRY_NAME);
  const meter = metrics.getMeter(TELEMETRY_NAME);
  const commits = meter.createCounter('stockfold.commits', { description: 'Commits, by what the store answered' });
  const records = meter.createCounter('stockfold.records', { description: 'Records that were committed' });
  return {
    ...store,
    commit: commit =>
      tracer.startActiveSpan('stockfold.commit', span => {
        const ended = (answer: string, isFault: boolean) => {
          commits.add(1, { 'stockfold.answer': answer });
          if (answer === 'committed') records.add(commit.records.length);
          span.setAttributes({
            'stockfold.organization_id': commit.organizationId,
            'stockfold.records': commit.records.length,
            'stockfold.balances': commit.balances.length,
            'stockfold.answer': answer,
          });
          if (isFault) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        };
        return store
          .commit(commit)
          .andTee(({ kind }) => ended(kind, false))
          .orTee(({ kind }) => ended(kind, true));
      }),
  };
}
