type TrustedTypes = { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => string } };

/** The worker of a test's site; a page that enforces trusted types wants to know who made its address. */
export function createTestWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy(`stockfold-${crypto.randomUUID()}`, {
    createScriptURL: (url: string) => url,
  });
  return new Worker(policy?.createScriptURL('/worker.js') ?? '/worker.js', { type: 'module' });
}
