import type { SQLInputValue } from 'node:sqlite';
import {
  type Census,
  isNoRule,
  type LocationId,
  type Mended,
  NO_FLOORS,
  type OrganizationId,
  type ProductId,
  type Repair,
  type VariantRepair,
} from '@stockfold/core';
import { type CensusRow, censusSql, freeSql, straysSql, toCensus } from '../upkeep.ts';
import type { Connection } from './connection.ts';
import { toStoreFault } from './fault.ts';
import { rollBack } from './roll-back.ts';

const named = (table: string) => `stockfold_${table}`;
const CENSUS = censusSql({ named, id: '?1', isNamed: 'l.id in (select value from json_each(?2))' });
const STRAYS = straysSql(named, '?1');

/** Counts the rows of an organization, with or without its head. */
export function takeCensus(
  { db }: Connection,
  organizationId: OrganizationId,
  locationIds: readonly LocationId[],
): Census {
  return toCensus(db.prepare(CENSUS).get(organizationId, JSON.stringify(locationIds)) as CensusRow | undefined);
}

/** Makes a head that is gone, and moves one that is behind to the end of a journal without gap. */
export function mendHead(
  connection: Connection,
  organizationId: OrganizationId,
  locationIds: readonly LocationId[],
): void {
  inTransaction(connection, run => {
    const ids = JSON.stringify(locationIds);
    const found = connection.db.prepare(CENSUS).get(organizationId, ids) as CensusRow | undefined;
    if (found === undefined) return;
    const { organization, as_of } = found;
    if (as_of === null)
      // Whatever the version was, no commit has moved it up more than once.
      run(
        `insert into stockfold_organization (organization, id, sequence, recorded_at, config_version, policy)
         select ?1, ?2, coalesce(max(sequence), 0), coalesce(max(recorded_at), 0), coalesce(max(sequence), 0) + 1, ?3
         from stockfold_record where organization = ?1`,
        [organization, organizationId, JSON.stringify(NO_FLOORS)],
      );
    else
      run(
        `update stockfold_organization set sequence = r.last, recorded_at = r.at from (
           select max(sequence) as last, max(recorded_at) as at, count(*) as records
           from stockfold_record where organization = ?1
         ) r where organization = ?1 and r.last > stockfold_organization.sequence and r.records = r.last`,
        [organization],
      );
  });
}

/** Writes rows over, unless somebody has written since the journal was read. */
export function mend(connection: Connection, repair: Repair): Mended {
  return inTransaction(connection, run => {
    const head = connection.db
      .prepare('select organization, sequence from stockfold_organization where id = ?')
      .get(repair.organizationId) as { organization: number; sequence: number } | undefined;
    if (head?.sequence !== repair.sequence) return 'stale';
    const rows = new Rows(connection, run, head.organization);
    rows.mendSettings(repair);
    for (const variant of repair.variants) rows.mendVariant(variant);
    rows.end(repair);
    return 'mended';
  });
}

type Run = (sql: string, values: readonly SQLInputValue[]) => void;

/** One transaction; what was remembered of the rows is forgotten. Throws a `StoreFault`. */
function inTransaction<T>({ db, memory, expectInPlace }: Connection, body: (run: Run) => T): T {
  let committing = false;
  try {
    db.exec('begin immediate');
    const value = body((sql, values) => void db.prepare(sql).run(...values));
    expectInPlace();
    committing = true;
    db.exec('commit');
    memory.clear();
    return value;
  } catch (error) {
    rollBack(db);
    throw toStoreFault(error, committing);
  }
}

/** The rows of one organization. */
class Rows {
  readonly #connection: Connection;
  readonly #run: Run;
  readonly #organization: number;

  constructor(connection: Connection, run: Run, organization: number) {
    this.#connection = connection;
    this.#run = run;
    this.#organization = organization;
  }

  mendSettings({ locations, tracking, lowStock, notes }: Repair): void {
    const { statements } = this.#connection;
    const organization = this.#organization;
    for (const { id } of locations)
      this.#run('delete from stockfold_location where organization = ? and id = ?', [organization, id]);
    for (const { id, location } of locations) {
      if (location === null) continue;
      const { place, type, name, system } = location;
      // Locations are numbered as they were opened, so each gets the number back that its balances name.
      statements.insertLocation.run(organization, place + 1, id, type, name, system ? 1 : 0);
    }
    for (const { productId, tracked } of tracking)
      statements.setTracked.run(tracked ? 1 : 0, organization, this.#product(productId));
    for (const rule of lowStock) {
      const { variantId, locationId, productId, level, alert } = rule;
      if (isNoRule(rule)) statements.deleteLowStock.run(organization, variantId, locationId);
      else statements.setLowStock.run(organization, variantId, locationId, productId, level, alert ? 1 : 0);
    }
    for (const { kind, id, state } of notes)
      if (state === null) statements.deleteNote.run(organization, kind, id);
      else statements.setNote.run(organization, kind, id, JSON.stringify(state.body), state.sequence);
  }

  mendVariant({ variantId, productId, postings }: VariantRepair): void {
    const { db, statements } = this.#connection;
    const organization = this.#organization;
    const row = db
      .prepare('select variant from stockfold_variant where organization = ? and id = ?')
      .get(organization, variantId) as { variant: number } | undefined;
    const variant = row?.variant ?? this.#free('variant');
    for (const table of ['balance', 'posting', 'variant'])
      this.#run(`delete from stockfold_${table} where organization = ? and variant = ?`, [organization, variant]);
    if (productId === null) return;
    statements.insertVariant.run(organization, variant, variantId, this.#product(productId));
    const onHand = new Map<number, number>();
    for (const { locationId, sequence, delta, onHand: after } of postings) {
      // A location that is not there is one that the journal never opened, or that is put back at another time.
      const location = statements.location.get(organization, locationId)?.location;
      if (location === undefined) continue;
      statements.insertPosting.run(organization, variant, location, sequence, delta, after);
      onHand.set(location, after);
    }
    for (const [location, after] of onHand) statements.addToBalance.get(organization, variant, location, after);
  }

  end({ policy }: Repair): void {
    if (policy !== undefined) this.#connection.statements.setPolicy.run(JSON.stringify(policy), this.#organization);
    for (const statement of STRAYS) this.#run(statement, [this.#organization]);
    this.#connection.statements.raiseVersion.run(this.#organization);
  }

  #product(id: ProductId): number {
    const { statements } = this.#connection;
    const row = statements.product.get(this.#organization, id);
    if (row !== undefined) return row.product;
    const product = this.#free('product');
    statements.insertProduct.run(this.#organization, product, id, 0);
    return product;
  }

  #free(column: 'variant' | 'product'): number {
    const row = this.#connection.db.prepare(freeSql(named, '?1', column)).get(this.#organization);
    return (row as { free: number }).free;
  }
}
