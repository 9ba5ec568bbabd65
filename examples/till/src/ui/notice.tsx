import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';

/** A sentence about what was just done, and perhaps a way to take it back. */
export type Notice = Readonly<{ text: string; tone?: 'problem' | undefined; undo?: (() => void) | undefined }>;

const SHOWN_MS = 8_000;

const Show = createContext<(notice: Notice) => void>(() => {});

/** How a component says something: a function that stays the same. */
export function useNotice(): (notice: Notice) => void {
  return useContext(Show);
}

/** Shows one notice at a time above the page, so that nothing below it moves. */
export function NoticeProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [notice, setNotice] = useState<Notice | null>(null);
  const show = useCallback((next: Notice) => setNotice(next), []);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => setNotice(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  const undo = () => {
    notice?.undo?.();
    setNotice(null);
  };
  const region = useMemo(() => (notice === null ? 'notice' : `notice shown ${notice.tone ?? ''}`), [notice]);
  return (
    <Show value={show}>
      {children}
      <div className={region} role="status">
        {notice !== null && <span>{notice.text}</span>}
        {notice?.undo !== undefined && (
          <button type="button" onClick={undo}>
            Undo
          </button>
        )}
      </div>
    </Show>
  );
}
