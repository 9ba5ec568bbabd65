const PATHS = {
  sell: 'M5 8h14l-1 11.5H6ZM8.5 8a3.5 3.5 0 0 1 7 0',
  stock: 'M12 3.5 20 8v8l-8 4.5L4 16V8ZM4 8l8 4.5L20 8M12 12.5v8',
  history: 'M12 7.5V12l3 2M4.5 12a7.5 7.5 0 1 0 2.3-5.4M4.5 4.5V8H8',
  api: 'm8.5 8-4 4 4 4M15.5 8l4 4-4 4M13.2 5.5l-2.4 13',
  back: 'm14.5 6-6 6 6 6',
  minus: 'M6 12h12',
  plus: 'M6 12h12M12 6v12',
} as const;

export type LineIconName = keyof typeof PATHS;

/** A sign in the colour of the text around it; what it stands for is said beside it or in a label. */
export function LineIcon({ name }: Readonly<{ name: LineIconName }>) {
  return (
    <svg className="line-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
