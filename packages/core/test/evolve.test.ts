import { describe, expect, it } from 'vitest';
import { decide, evolve, Fold, onHandOf, restock, sale, stopTracking } from '../src/index.ts';
import { LARGE_MUG, MUG, NEW_SHOP, PLACES, PLATE, VAN } from './shop.ts';
import { commandOf, lineOf } from './story.ts';

const shelf = (variantId: typeof MUG.variantId) => ({ variantId, locationId: PLACES.STORE });

describe('a slice moved on', () => {
  const events = decide(commandOf(restock('STORE', MUG, 3), sale('STORE', PLATE, 1)), NEW_SHOP)._unsafeUnwrap();
  const after = evolve(NEW_SHOP, events);

  it('has the balances after the movements', () => {
    expect([onHandOf(after.onHand, shelf(MUG.variantId)), onHandOf(after.onHand, shelf(PLATE.variantId))]).toEqual([
      3, -1,
    ]);
  });

  it('leaves the slice before as it was', () => {
    expect(NEW_SHOP.onHand.size).toBe(0);
  });

  it('shares what no event touches', () => {
    expect(after.locations).toBe(NEW_SHOP.locations);
    expect(evolve(after, []).onHand).toBe(after.onHand);
  });

  it('knows which product a variant is of', () => {
    expect(after.productOf.get(MUG.variantId)).toBe(MUG.productId);
    expect(after.productOf.get(LARGE_MUG.variantId)).toBeUndefined();
  });

  it('knows what is tracked, open and allowed', () => {
    const stopped = evolve(after, decide(commandOf(stopTracking(MUG.productId)), after)._unsafeUnwrap());
    expect([...stopped.tracked]).toEqual([PLATE.productId]);
    expect(evolve(stopped, [{ kind: 'TrackingStarted', productId: MUG.productId }]).tracked.has(MUG.productId)).toBe(
      true,
    );
    expect(evolve(after, [{ kind: 'PolicySet', policy: { floors: { STORE: 1 } } }]).policy.floors.STORE).toBe(1);
    const moved = { ...VAN, name: 'Blue van' };
    expect(evolve(after, [{ kind: 'LocationOpened', location: moved }]).locations.get(VAN.id)).toEqual(moved);
  });
});

describe('a fold', () => {
  it('has both ends of every movement, those that cancel out too', () => {
    const fold = new Fold().add([lineOf(restock('STORE', MUG, 2)), lineOf(sale('STORE', MUG, 2))]);
    expect([...fold.entries()].map(entry => entry.onHand)).toEqual([-2, 0, 2]);
  });

  it('gives what evolve gives', () => {
    const lines = [restock('STORE', MUG, 5), sale('STORE', MUG, 2), sale('STORE', PLATE, 1)];
    const after = evolve(NEW_SHOP, decide(commandOf(...lines), NEW_SHOP)._unsafeUnwrap());
    expect(new Fold().add(lines.map(lineOf)).onHand).toEqual(after.onHand);
  });
});
