import { LineIcon, type LineIconName } from './line-icon.tsx';

const PAGES: readonly (readonly [page: string, name: string, icon: LineIconName])[] = [
  ['sell', 'Sell', 'sell'],
  ['stock', 'Stock', 'stock'],
  ['history', 'History', 'history'],
  ['api', 'API', 'api'],
];

/** Where to go: below the thumb on a phone, on the left of a tablet. */
export function NavigationBar({ page }: Readonly<{ page: string }>) {
  return (
    <nav className="navigation-bar" aria-label="Pages">
      {PAGES.map(([path, name, icon]) => (
        <a key={path} href={`#${path}`} aria-current={path === page ? 'page' : undefined}>
          <LineIcon name={icon} />
          {name}
        </a>
      ))}
    </nav>
  );
}
