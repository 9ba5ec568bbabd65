import type { ShopVariant } from '../shop/catalogue.ts';
import { LineIcon } from '../ui/line-icon.tsx';
import { OnHand } from '../ui/on-hand.tsx';
import { ProductIcon } from '../ui/product-icon.tsx';

type ProductTileProps = Readonly<{
  variant: ShopVariant;
  /** Smallest units; null until it has been read. */
  onHand: number | null;
  /** How many are on the ticket. */
  quantity: number;
  isLocked: boolean;
  onChange: (by: number) => void;
}>;

/** A tap puts one on the ticket. It is never refused here: what is there is decided when the ticket is sold. */
export function ProductTile({ variant, onHand, quantity, isLocked, onChange }: ProductTileProps) {
  const { name, detail, icon } = variant;
  return (
    <li className={quantity > 0 ? 'tile chosen' : 'tile'}>
      <button type="button" className="tile-button" disabled={isLocked} onClick={() => onChange(1)}>
        <ProductIcon name={icon} />
        <span className="tile-name">{name}</span>
        <span className="tile-detail">{detail}</span>
        <OnHand value={onHand} />
      </button>
      {quantity > 0 && (
        <>
          <output className="tile-count" aria-label={`${quantity} on the ticket`}>
            {quantity}
          </output>
          <button
            type="button"
            className="tile-less"
            disabled={isLocked}
            aria-label={`One ${name}, ${detail} less`}
            onClick={() => onChange(-1)}
          >
            <LineIcon name="minus" />
          </button>
        </>
      )}
    </li>
  );
}
