type TrustedTypes = Readonly<{
  createPolicy: (
    name: string,
    rules: Readonly<{ createScriptURL: (url: string) => string }>,
  ) => Readonly<{ createScriptURL: (url: string) => string }>;
}>;

const SCRIPT = '/service-worker.js';

/** Registers the service worker. Without one the till works all the same, as long as the tab stays open. */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  // A page that enforces trusted types wants to know who vouches for the address of a script.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('till-worker', {
    createScriptURL: url => {
      if (url !== SCRIPT) throw new TypeError('the till has one worker');
      return url;
    },
  });
  navigator.serviceWorker.register(policy?.createScriptURL(SCRIPT) ?? SCRIPT).catch((error: unknown) => {
    console.error('The till will not open without a network:', error);
  });
}
