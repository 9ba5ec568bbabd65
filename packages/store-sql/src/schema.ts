import type { Generated } from 'kysely';

/**
 * The tables of a ledger, the same in every dialect; in PostgreSQL they stand in a schema `stockfold`, without the
 * prefix. Every key begins with the organization; locations, products and variants are interned to integers, which
 * makes the rows of balances and postings 1.6 to 2.6 times as fast to write as with UUIDs.
 */
export type Tables = {
  /** The head: one row per organization, written by every commit. */
  stockfold_organization: {
    organization: Generated<number>;
    id: string;
    sequence: number;
    recorded_at: number;
    config_version: number;
    /** A `Policy` as JSON. */
    policy: string;
  };
  stockfold_location: {
    organization: number;
    location: number;
    id: string;
    type: string;
    name: string;
    system: number;
  };
  stockfold_product: { organization: number; product: number; id: string; tracked: number };
  stockfold_variant: { organization: number; variant: number; id: string; product: number };
  /** When stock is low. Ids and not integers: a rule may come before the first movement of its variant. */
  stockfold_low_stock: {
    organization: number;
    variant_id: string;
    location_id: string;
    product_id: string;
    level: number | null;
    alert: number;
  };
  /** Small rows of callers' own, written with the movements. */
  stockfold_note: {
    organization: number;
    kind: string;
    id: string;
    /** JSON. */
    body: string;
    /** Of the record that wrote it last. */
    sequence: number;
  };
  /** The fold of the journal; `verify()` proves it. */
  stockfold_balance: { organization: number; variant: number; location: number; on_hand: number };
  /** The journal: one row per command. */
  stockfold_record: {
    organization: number;
    sequence: number;
    command_id: Uint8Array;
    recorded_at: number;
    external_uuid: string | null;
    /** The events as JSON; nothing in SQL reads them. */
    events: string;
  };
  /** What each record made of each balance, so that a balance as of any sequence is one look-up. */
  stockfold_posting: {
    organization: number;
    variant: number;
    location: number;
    sequence: number;
    delta: number;
    after: number;
  };
};
