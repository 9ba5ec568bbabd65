import type { IconName } from '../ui/product-icon.tsx';

/** A variant as the shop knows it: the ledger keeps its stock, and no name. */
export type ShopVariant = Readonly<{
  productId: string;
  variantId: string;
  name: string;
  /** What tells it from other variants, or how it is packed. */
  detail: string;
  icon: IconName;
}>;

const id = (kind: 'a' | 'b', number: number) => `7c1ad2a0-5f0f-41ec-${kind}f63-${String(number).padStart(12, '0')}`;

function variant(product: number, number: number, name: string, detail: string, icon: IconName): ShopVariant {
  return { productId: id('a', product), variantId: id('b', number), name, detail, icon };
}

/** What the shop sells, in the order of its tiles. The two mugs are variants of one product. */
export const CATALOGUE: readonly ShopVariant[] = [
  variant(1, 1, 'Mug', 'Ink', 'mug'),
  variant(1, 2, 'Mug', 'Sand', 'mug-light'),
  variant(2, 3, 'Beans', '250 g', 'beans'),
  variant(3, 4, 'Filters', '100 pieces', 'filter'),
  variant(4, 5, 'Green tea', 'Tin', 'tin'),
  variant(5, 6, 'Chocolate', '70 %', 'chocolate'),
  variant(6, 7, 'Tote bag', 'Canvas', 'tote'),
  variant(7, 8, 'Notebook', 'A5, dotted', 'notebook'),
  variant(8, 9, 'Postcard', 'Harbour', 'postcard'),
  variant(9, 10, 'Candle', 'Beeswax', 'candle'),
  variant(10, 11, 'Soap', 'Olive', 'soap'),
  variant(11, 12, 'Glass', '20 cl', 'glass'),
];

const BY_ID = new Map(CATALOGUE.map(entry => [entry.variantId, entry]));

/** A variant of the catalogue; undefined for one that came by another way, such as the API. */
export function findVariant(variantId: string): ShopVariant | undefined {
  return BY_ID.get(variantId);
}

/** What a person calls a variant: `Mug, ink`. */
export function nameOf(variantId: string): string {
  const found = findVariant(variantId);
  return found === undefined ? `Variant ${variantId.slice(0, 8)}` : `${found.name}, ${decapitalize(found.detail)}`;
}

function decapitalize(text: string): string {
  // A5 stays A5.
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
