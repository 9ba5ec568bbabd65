import type { ComponentChildren } from 'preact';
import { explain } from '../api/explain.ts';
import type { Resource } from '../api/use-resource.ts';
import { Notice } from './notice.tsx';

type PanelProps = Readonly<{
  id: string;
  title: string;
  /** What the panel shows, so that it can say that it is being read, or could not be. */
  resource: Resource<unknown>;
  /** Stands beside the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}>;

/** One part of the console. What was shown last stays, under a notice, while it cannot be read anew. */
export function Panel({ id, title, resource, tools, children }: PanelProps) {
  const { value, error, isLoading, retry } = resource;
  return (
    <section class="panel card" id={id} aria-labelledby={`${id}-title`} aria-busy={isLoading}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {tools}
      </header>
      {error !== null && <Notice {...explain(error)} onRetry={retry} />}
      {value === null && isLoading && error === null ? <p class="quiet">Reading…</p> : children}
    </section>
  );
}
