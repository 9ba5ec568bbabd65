import { useMemo, useState } from 'preact/hooks';
import { type Api, createApi } from './api/api.ts';
import type { ApiError } from './api/api-error.ts';
import { TokenForm } from './session/token-form.tsx';
import { forgetToken, keepToken, takeToken } from './session/token-store.ts';
import { Shell } from './shell.tsx';

/** Asks for a token, and shows the console as long as the server takes it. */
export function App() {
  const [token, setToken] = useState(takeToken);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const api = useMemo<Api | null>(() => {
    if (token === null) return null;
    const onRefused = (error: ApiError) => {
      forgetToken();
      setRefusal(error);
      setToken(null);
    };
    return createApi({ base: new URL('./', location.href), token, onRefused });
  }, [token]);
  if (api === null)
    return (
      <TokenForm
        refusal={refusal}
        onToken={entered => {
          keepToken(entered);
          setRefusal(null);
          setToken(entered);
        }}
      />
    );
  return (
    <Shell
      key={token}
      api={api}
      onLeave={() => {
        forgetToken();
        setToken(null);
      }}
    />
  );
}
