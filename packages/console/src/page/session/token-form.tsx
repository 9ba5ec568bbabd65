import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError } from '../api/api-error.ts';
import { explain } from '../api/explain.ts';
import { Brand } from '../ui/brand.tsx';
import { Notice } from '../ui/notice.tsx';
import { BEARER_TOKEN } from './token-store.ts';

type TokenFormProps = Readonly<{
  /** Why the token before was not taken. */
  refusal: ApiError | null;
  onToken: (token: string) => void;
}>;

/** Asks for an access token. */
export function TokenForm({ refusal, onToken }: TokenFormProps) {
  const [isToken, setIsToken] = useState(true);
  const submit = (event: TargetedEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token')).trim();
    if (BEARER_TOKEN.test(token)) onToken(token);
    else setIsToken(false);
  };
  return (
    <main class="welcome">
      <form class="card" onSubmit={submit}>
        <Brand />
        <p>
          The console reads this server with an access token, one of the tokens file that <code>stockfold serve</code>{' '}
          was started with, or the one that it printed.
        </p>
        {refusal !== null && isToken && <Notice {...explain(refusal)} />}
        {!isToken && <Notice title="That is no access token" advice="It has letters, digits and -._~+/ alone." />}
        <label>
          Access token
          <input name="token" type="password" autocomplete="off" spellcheck={false} autofocus required />
        </label>
        <button class="primary" type="submit">
          Open the console
        </button>
        <small>It stays in this tab until you close it, and is sent to this server alone.</small>
      </form>
    </main>
  );
}
