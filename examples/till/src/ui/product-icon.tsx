import type { ReactNode } from 'react';

// Drawn on 48 × 48. `fill` is the tint of the product, `shade` a darker part of it, and lines are in the colour of ink.
const DRAWINGS = {
  mug: (
    <>
      <path className="shade" d="M11 14h22v20a5 5 0 0 1-5 5H16a5 5 0 0 1-5-5Z" />
      <path d="M11 14h22v20a5 5 0 0 1-5 5H16a5 5 0 0 1-5-5ZM33 19h3a5 5 0 0 1 0 13h-3" />
    </>
  ),
  'mug-light': (
    <>
      <path className="fill" d="M11 14h22v20a5 5 0 0 1-5 5H16a5 5 0 0 1-5-5Z" />
      <path d="M11 14h22v20a5 5 0 0 1-5 5H16a5 5 0 0 1-5-5ZM33 19h3a5 5 0 0 1 0 13h-3M11 21h22" />
    </>
  ),
  beans: (
    <>
      <path className="shade" d="M14 14h20l2 25H12Z" />
      <path d="M14 14h20l2 25H12ZM14 14l2-6h16l2 6" />
      <ellipse className="fill" cx="24" cy="27" rx="5" ry="6.5" />
      <path d="M24 20.5c-2.5 4 2.5 9 0 13" />
    </>
  ),
  filter: (
    <>
      <path className="fill" d="M8 12h32L30 34H18Z" />
      <path d="M8 12h32L30 34H18ZM24 12v22M16 12l5 22M32 12l-5 22M18 39h12" />
    </>
  ),
  tin: (
    <>
      <path className="shade" d="M12 16h24v23H12Z" />
      <path d="M12 16h24v23H12ZM10 10h28v6H10Z" />
      <path className="fill" d="M24 34c-5-3-5-9 0-13 5 4 5 10 0 13Z" />
      <path d="M24 34v-7" />
    </>
  ),
  chocolate: (
    <>
      <path className="shade" d="M13 8h22v20H13Z" />
      <path d="M13 26V8h22v18M24 8v18M13 17h22" />
      <path className="fill" d="M11 26h26v14H11Z" />
      <path d="M11 26h26v14H11Z" />
    </>
  ),
  tote: (
    <>
      <path className="fill" d="M10 18h28l-2 22H12Z" />
      <path d="M10 18h28l-2 22H12ZM17 23V14a7 7 0 0 1 14 0v9" />
    </>
  ),
  notebook: (
    <>
      <path className="shade" d="M13 8h20a3 3 0 0 1 3 3v26a3 3 0 0 1-3 3H13Z" />
      <path d="M13 8h20a3 3 0 0 1 3 3v26a3 3 0 0 1-3 3H13ZM19 8v32M10 14h6M10 24h6M10 34h6" />
    </>
  ),
  postcard: (
    <>
      <path className="fill" d="M6 12h36v25H6Z" />
      <path d="M6 12h36v25H6ZM24 17v15M29 25h8M29 30h8M32 16h5v5h-5ZM10 30l4-5 3 3 3-4" />
    </>
  ),
  candle: (
    <>
      <path className="shade" d="M16 21h16v19H16Z" />
      <path d="M16 21h16v19H16ZM24 21v-4M16 26c4 0 3 5 6 5s2-5 5-5h5" />
      <path className="fill" d="M24 17c-4-2-3-6 0-10 3 4 4 8 0 10Z" />
    </>
  ),
  soap: (
    <>
      <rect className="fill" x="8" y="20" width="32" height="18" rx="7" />
      <rect x="8" y="20" width="32" height="18" rx="7" />
      <path d="M15 29c0-3 4-4 9-4s9 1 9 4-4 4-9 4-9-1-9-4Z" />
      <circle cx="17" cy="13" r="3" />
      <circle cx="27" cy="10" r="2" />
    </>
  ),
  glass: (
    <>
      <path className="fill" d="M14.5 20h19L31 40H17Z" />
      <path d="M13 9h22l-4 31H17ZM14.5 20h19" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

/** A small drawing of a product. The name always stands beside it. */
export function ProductIcon({ name }: Readonly<{ name: IconName }>) {
  return (
    <svg className={`product-icon tint-${name}`} viewBox="0 0 48 48" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}
