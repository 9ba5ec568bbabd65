import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openTill } from './shop/open-till.ts';
import './style/index.ts';
import { registerWorker } from './worker/register-worker.ts';

// The browser may find out that it has lost the database before anything is shown, or long after.
let wasLost = false;
let onLost = () => {};
const till = openTill(() => {
  wasLost = true;
  onLost();
});

registerWorker();

const root = document.getElementById('till');
if (root === null) throw new Error('index.html has no place for the till');
createRoot(root).render(
  <StrictMode>
    <App
      till={till}
      loss={{
        subscribe: rerender => {
          onLost = rerender;
          return () => {
            onLost = () => {};
          };
        },
        read: () => wasLost,
      }}
    />
  </StrictMode>,
);
