import { useJournal } from '@stockfold/react';
import { useState, useSyncExternalStore } from 'react';
import { ApiPage } from './api/api-page.tsx';
import { HistoryPage } from './history/history-page.tsx';
import { SellPage } from './sell/sell-page.tsx';
import { explainError } from './shop/explain-error.ts';
import type { Till } from './shop/open-till.ts';
import { StockPage } from './stock/stock-page.tsx';
import { NavigationBar } from './ui/navigation-bar.tsx';
import { NoticeProvider } from './ui/notice.tsx';
import { StatusBar } from './ui/status-bar.tsx';
import { usePath } from './ui/use-path.ts';
import { WelcomePage } from './welcome-page.tsx';

/** Whether the browser has emptied the till, and how to hear of it. */
type LossNews = Readonly<{ subscribe: (rerender: () => void) => () => void; read: () => boolean }>;

/** The whole till. */
export function App({ till, loss }: Readonly<{ till: Till; loss: LossNews }>) {
  const wasLost = useSyncExternalStore(loss.subscribe, loss.read);
  const { isReady, records, fault } = useJournal(till.ledger, { limit: 1 });
  // A sample week is many records: the shop opens when all of them are there.
  const [isOpening, setOpening] = useState(false);
  const [page = 'sell', detail] = usePath();
  return (
    <NoticeProvider>
      <StatusBar />
      <NavigationBar page={page} />
      <main className={`page page-${page}`}>
        {wasLost && (
          <p className="banner" role="alert">
            The browser has emptied this till. What it had recorded is gone, unless it was kept elsewhere.
          </p>
        )}
        {fault !== null && (
          <p className="banner" role="alert">
            {explainError(fault).title}. What you see may be out of date.
          </p>
        )}
        {(isOpening || (isReady && records.length === 0)) && page !== 'api' ? (
          <WelcomePage till={till} isOpening={isOpening} onOpening={setOpening} />
        ) : (
          <Page page={page} detail={detail} till={till} />
        )}
      </main>
    </NoticeProvider>
  );
}

function Page({ page, detail, till }: Readonly<{ page: string; detail: string | undefined; till: Till }>) {
  switch (page) {
    case 'stock':
      return <StockPage ledger={till.ledger} variantId={detail} />;
    case 'history':
      return <HistoryPage ledger={till.ledger} />;
    case 'api':
      return <ApiPage ledger={till.ledger} />;
    default:
      return <SellPage ledger={till.ledger} />;
  }
}
