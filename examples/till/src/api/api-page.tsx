import type { Ledger } from '@stockfold/core';
import { useState } from 'react';
import { useConnection } from '../ui/use-connection.ts';
import { type ApiRequest, sampleRequests } from './sample-requests.ts';

type Answer = Readonly<{ status: string; isGood: boolean; body: string }>;

/** The mirrored HTTP API, asked by this page and answered by the service worker, with or without a network. */
export function ApiPage({ ledger }: Readonly<{ ledger: Ledger }>) {
  const { hasWorker } = useConnection();
  const samples = sampleRequests(ledger.systemLocations);
  const [name, setName] = useState(samples[0]?.name ?? '');
  const [bodies, setBodies] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState<Answer | null>(null);
  const chosen = samples.find(sample => sample.name === name) ?? samples[0];
  if (chosen === undefined) return null;
  const request: ApiRequest = { ...chosen, body: bodies[chosen.name] ?? chosen.body };

  return (
    <section className="api">
      <header className="page-head">
        <h1>API</h1>
        <p>Requests to this site are answered by its service worker, from the ledger in this browser.</p>
      </header>
      <div className="api-panes">
        <div className="card">
          <fieldset className="spans">
            <legend className="unseen">Request</legend>
            {samples.map(sample => (
              <label key={sample.name}>
                <input
                  type="radio"
                  name="request"
                  checked={sample.name === chosen.name}
                  onChange={() => setName(sample.name)}
                />
                {sample.name}
              </label>
            ))}
          </fieldset>
          <p className="api-line">
            <strong>{request.method}</strong> {request.path}
          </p>
          <textarea
            aria-label="Body"
            spellCheck={false}
            disabled={request.method === 'GET'}
            value={request.body}
            onChange={event => setBodies({ ...bodies, [chosen.name]: event.target.value })}
          />
          <button
            type="button"
            className="button primary"
            disabled={!hasWorker}
            onClick={() => void send(request).then(setAnswer)}
          >
            {hasWorker ? 'Send' : 'No worker yet'}
          </button>
        </div>
        <div className="card" aria-live="polite">
          <p className={answer === null || answer.isGood ? 'api-status' : 'api-status wrong'}>
            {answer?.status ?? 'No answer yet'}
          </p>
          <pre>{answer?.body ?? 'Send a request. It works with the network gone, too.'}</pre>
        </div>
      </div>
    </section>
  );
}

async function send({ method, path, body }: ApiRequest): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method,
      ...(method === 'GET' ? {} : { body, headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    return { status: `${response.status} from the service worker`, isGood: response.ok, body: indent(text) };
  } catch (error) {
    return { status: 'No answer', isGood: false, body: String(error) };
  }
}

function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
