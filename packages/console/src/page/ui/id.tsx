import { shortId } from './format.ts';

/** A UUID by its first group; the whole of it stands in its title. */
export function Id({ id }: Readonly<{ id: string }>) {
  return (
    <code class="id" title={id}>
      {shortId(id)}
    </code>
  );
}
