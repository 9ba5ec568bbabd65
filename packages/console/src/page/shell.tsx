import type { Api, Card } from './api/api.ts';
import { explain } from './api/explain.ts';
import type { Connection } from './api/follow.ts';
import { useLive } from './api/use-live.ts';
import { Books } from './books.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Brand } from './ui/brand.tsx';
import { Id } from './ui/id.tsx';
import { Notice } from './ui/notice.tsx';

type ShellProps = Readonly<{ api: Api; onLeave: () => void }>;

/** The frame of the console: whose ledger it is, whether it is live, and the ledger itself. */
export function Shell({ api, onLeave }: ShellProps) {
  const live = useLive(api);
  const { card, connection, error, head } = live;
  return (
    <div class="shell">
      <TopBar card={card} connection={connection} onLeave={onLeave} />
      {error !== null && <Notice {...explain(error)} />}
      {card === null && error === null && <p class="quiet">Asking the server…</p>}
      {card !== null && head === 0 && <FirstSteps card={card} />}
      {card !== null && head > 0 && <Books api={api} card={card} live={live} />}
    </div>
  );
}

const WORDS: Readonly<Record<Connection, string>> = { connecting: 'Connecting', live: 'Live', broken: 'Not connected' };

type TopBarProps = Readonly<{ card: Card | null; connection: Connection; onLeave: () => void }>;

function TopBar({ card, connection, onLeave }: TopBarProps) {
  return (
    <header class="top-bar">
      <Brand />
      <span class={`chip ${connection}`} role="status">
        {WORDS[connection]}
      </span>
      {card !== null && (
        <small class="organization">
          organization <Id id={card.organizationId} />
        </small>
      )}
      <nav aria-label="Server">
        <a href="docs">Docs</a>
        <button type="button" class="plain" onClick={onLeave}>
          Forget token
        </button>
      </nav>
    </header>
  );
}
