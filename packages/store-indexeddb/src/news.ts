import type { LedgerStore, OrganizationId } from '@stockfold/core';

/**
 * A store that tells other handles on the same database of its commits, and hears of theirs, in this tab and in
 * others.
 */
export function withNews<S extends LedgerStore>(store: S, name: string): S {
  const news = createNews(name);
  return {
    ...store,
    commit: commit =>
      store.commit(commit).map(answer => {
        if (answer.kind === 'committed') news.announce(commit.organizationId);
        return answer;
      }),
    subscribe: news.subscribe,
    close: () => store.close().map(() => news.close()),
  };
}

type News = Readonly<{
  announce: (organizationId: OrganizationId) => void;
  subscribe: (organizationId: OrganizationId, listener: () => void) => () => void;
  close: () => void;
}>;

/** News on a `BroadcastChannel` of the database's name. A channel does not hear itself: only others' commits are news. */
function createNews(name: string): News {
  const listeners = new Map<OrganizationId, Set<() => void>>();
  let channel: BroadcastChannel | null = null;
  let isClosed = false;

  const open = (): BroadcastChannel | null => {
    if (isClosed) return null;
    if (channel === null) {
      channel = new BroadcastChannel(`stockfold:${name}`);
      // Node would wait for news for ever.
      if ('unref' in channel && typeof channel.unref === 'function') channel.unref();
      channel.onmessage = ({ data }: { data: unknown }) => {
        for (const listener of listeners.get(data as OrganizationId) ?? []) listener();
      };
    }
    return channel;
  };

  return {
    announce: organizationId => open()?.postMessage(organizationId),
    subscribe: (organizationId, listener) => {
      open();
      // A function of its own for each call, so that the same listener may be given twice.
      const heard = () => listener();
      listeners.set(organizationId, (listeners.get(organizationId) ?? new Set()).add(heard));
      return () => void listeners.get(organizationId)?.delete(heard);
    },
    close: () => {
      isClosed = true;
      channel?.close();
    },
  };
}
