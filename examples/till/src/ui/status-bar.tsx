import { useConnection } from './use-connection.ts';

/** The name of the till, and whether it could go on without a network. */
export function StatusBar() {
  const { isOnline, hasWorker } = useConnection();
  const [tone, text] = !isOnline
    ? ['offline', 'Offline, still selling']
    : hasWorker
      ? ['ready', 'Ready for offline']
      : ['plain', 'Online'];
  return (
    <header className="status-bar">
      <a className="brand" href="#sell">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Till
      </a>
      <span className={`chip ${tone}`} role="status">
        {text}
      </span>
    </header>
  );
}
