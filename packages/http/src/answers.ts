import { LOCATION_TYPES, type LocationType } from '@stockfold/core';
import * as v from 'valibot';
import { hasAmounts } from './amounts.ts';

// The bodies of answers, as clients of the mirrored API read them; the OpenAPI document is made of these.

/** A location in the mirrored API. */
export type LocationBody = { uuid: string; type: LocationType; name: string; description: string; default: boolean };

/** A row of balances in the mirrored API. */
export type VariantBalance = {
  locationUuid: string;
  locationType: LocationType;
  productUuid: string;
  variantUuid: string;
  /** A number, or its digits where the handler was told so. */
  balance: number | string;
};

/** The answer to everything that changes stock, and the balances of one product. */
export type ShortBody = { locationUuid: string; variants: VariantBalance[] };

/** A list of balances. */
export type ListBody = ShortBody & { trackedProducts: string[]; latest: 0 };

/** The low-stock rules of one product. */
export type ProductLowStock = {
  productUuid: string;
  customLowStockLevelForVariants: {
    variantUuid: string;
    customLowStockLevel: number | null;
    lowStockAlert: boolean;
  }[];
};

/** The low-stock rules at one location. */
export type LocationLowStock = {
  organizationUuid: string;
  locationUuid: string;
  customLowStockLevelsForProducts: ProductLowStock[];
};

/** What has changed at a location, the newest first. */
export type HistoryBody = {
  variants: { productUuid: string; variantUuid: string; change: string; changed: string }[];
};

/** A location, as v3 names it. */
export type InventoryBody = {
  inventoryUuid: string;
  inventoryType: LocationType;
  name: string;
  description: string;
  defaultInventory: boolean;
};

/** A balance of v3, with when it is low. */
export type StockRow = {
  organizationUuid: string;
  inventoryUuid: string;
  productUuid: string;
  variantUuid: string;
  balance: number;
  lowStockLevel: number | null;
  lowStockAlert: boolean;
};

/** Whether a product is tracked, as v3 says it. */
export type ProductStatusRow = { productUuid: string; enabled: boolean };

/** A balance that a request would take below its floor. */
export type ShortageBody = {
  locationUuid: string;
  variantUuid: string;
  onHand: number;
  reserved: number;
  requested: number;
  floor: number;
};

/** What every problem answers. */
export type ProblemBody = {
  developerMessage: string;
  errorType: string;
  violations: { propertyName: string; developerMessage: string; constraintType: string }[];
  /** Of `INSUFFICIENT_STOCK`: every balance that is short. */
  shortages?: ShortageBody[] | undefined;
  /** Of `ALREADY_REVERSED`: the command that took it back. */
  reversedBy?: string | undefined;
  /** The ledger's own error, on the paths of the ledger itself. */
  error?: Record<string, unknown> | undefined;
};

const id = v.pipe(v.string(), v.uuid());
/** What a schema of an answer is for. */
type AnswerSchema<T> = v.GenericSchema<T>;

const whole = v.pipe(v.number(), v.safeInteger());

/** An amount: handlers write smallest units, and with a scale clients read decimals. */
export const amount: AnswerSchema<number> = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^-?[0-9]+(\.[0-9]+)?$/))]),
  v.description('Smallest units; decimals of the scale where there is one, as text where a number has no room for it'),
  hasAmounts(),
) as AnswerSchema<unknown> as AnswerSchema<number>;

const LOCATION_TYPE = v.picklist(LOCATION_TYPES);

export const locationBody: AnswerSchema<LocationBody> = v.strictObject({
  uuid: id,
  type: LOCATION_TYPE,
  name: v.string(),
  description: v.string(),
  default: v.boolean(),
});

export const variantBalance: AnswerSchema<VariantBalance> = v.strictObject({
  locationUuid: id,
  locationType: LOCATION_TYPE,
  productUuid: id,
  variantUuid: id,
  balance: amount,
});

export const shortBody: AnswerSchema<ShortBody> = v.strictObject({
  locationUuid: id,
  variants: v.array(variantBalance),
});

export const listBody: AnswerSchema<ListBody> = v.strictObject({
  locationUuid: id,
  trackedProducts: v.array(id),
  variants: v.array(variantBalance),
  latest: v.literal(0),
});

export const productLowStock: AnswerSchema<ProductLowStock> = v.strictObject({
  productUuid: id,
  customLowStockLevelForVariants: v.array(
    v.strictObject({ variantUuid: id, customLowStockLevel: v.nullable(amount), lowStockAlert: v.boolean() }),
  ),
});

export const locationLowStock: AnswerSchema<LocationLowStock> = v.strictObject({
  organizationUuid: id,
  locationUuid: id,
  customLowStockLevelsForProducts: v.array(productLowStock),
});

export const historyBody: AnswerSchema<HistoryBody> = v.strictObject({
  variants: v.array(
    v.strictObject({
      productUuid: id,
      variantUuid: id,
      change: v.pipe(v.string(), v.regex(/^-?[0-9]+\.[0-9]+$/), hasAmounts()),
      changed: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)),
    }),
  ),
});

export const inventoryBody: AnswerSchema<InventoryBody> = v.strictObject({
  inventoryUuid: id,
  inventoryType: LOCATION_TYPE,
  name: v.string(),
  description: v.string(),
  defaultInventory: v.boolean(),
});

export const stockRow: AnswerSchema<StockRow> = v.strictObject({
  organizationUuid: id,
  inventoryUuid: id,
  productUuid: id,
  variantUuid: id,
  balance: amount,
  lowStockLevel: v.nullable(amount),
  lowStockAlert: v.boolean(),
});

export const productStatusRow: AnswerSchema<ProductStatusRow> = v.strictObject({
  productUuid: id,
  enabled: v.boolean(),
});

export const problemBody: AnswerSchema<ProblemBody> = v.strictObject({
  developerMessage: v.string(),
  errorType: v.string(),
  violations: v.array(
    v.strictObject({ propertyName: v.string(), developerMessage: v.string(), constraintType: v.string() }),
  ),
  shortages: v.optional(
    v.array(
      v.strictObject({
        locationUuid: id,
        variantUuid: id,
        onHand: amount,
        reserved: amount,
        requested: amount,
        floor: amount,
      }),
    ),
  ),
  reversedBy: v.optional(id),
  error: v.optional(v.record(v.string(), v.unknown())),
});

/** What an organization allows: floors by location type, location and variant, in the ledger's own words. */
export type PolicyBody = {
  floors: Record<string, number>;
  locations: Record<string, number | null>;
  variants: Record<string, number | null>;
  holds: boolean;
  /** How many decimals the amounts of the organization have; absent for none. */
  scale?: 1 | 2 | 3 | 4 | 5 | 6 | undefined;
};

const floorsById = v.record(id, v.nullable(amount));

export const policyBody: AnswerSchema<PolicyBody> = v.strictObject({
  floors: v.record(LOCATION_TYPE, amount),
  locations: floorsById,
  variants: floorsById,
  holds: v.boolean(),
  scale: v.optional(v.picklist([1, 2, 3, 4, 5, 6])),
});

const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

/** What was done, and where it stands in the journal. */
export type RecordedBody = {
  commandUuid: string;
  sequence: number;
  /** When it was recorded: ISO 8601, in UTC. */
  recordedAt: string;
};

export const recordedBody: AnswerSchema<RecordedBody> = v.strictObject({
  commandUuid: id,
  sequence: whole,
  recordedAt: time,
});

/** An open hold. */
export type HoldRow = {
  holdUuid: string;
  locationUuid: string;
  productUuid: string;
  variantUuid: string;
  quantity: number;
  owner: string;
  placedAt: string;
  expiresAt: string | null;
  ageMs: number;
  /** It holds nothing any more, and waits for its closing record. */
  expired: boolean;
};

const holdRow: AnswerSchema<HoldRow> = v.strictObject({
  holdUuid: id,
  locationUuid: id,
  productUuid: id,
  variantUuid: id,
  quantity: amount,
  owner: v.string(),
  placedAt: time,
  expiresAt: v.nullable(time),
  ageMs: whole,
  expired: v.boolean(),
});

/** A page of open holds. */
export type HoldsPage = { items: HoldRow[]; next: string | null; asOf: number };

export const holdsPage: AnswerSchema<HoldsPage> = v.strictObject({
  items: v.array(holdRow),
  next: v.nullable(v.string()),
  asOf: whole,
});

/** A balance with what is promised of it. */
export type AvailabilityBody = {
  locationUuid: string;
  variantUuid: string;
  onHand: number;
  reserved: number;
  available: number;
  holds: HoldRow[];
  asOf: number;
};

export const availabilityBody: AnswerSchema<AvailabilityBody> = v.strictObject({
  locationUuid: id,
  variantUuid: id,
  onHand: amount,
  reserved: amount,
  available: amount,
  holds: v.array(holdRow),
  asOf: whole,
});

/** A record of the journal, in the words of the mirrored API. */
export type MovementRow = {
  /** 1, 2, 3 … without gap. */
  sequence: number;
  commandUuid: string;
  externalUuid: string | null;
  /** When it was recorded: ISO 8601, in UTC. */
  timestamp: string;
  trackingChanges: { productUuid: string; trackingStatusChange: 'START_TRACKING' | 'STOP_TRACKING' }[];
  movements: {
    productUuid: string;
    variantUuid: string;
    fromLocationUuid: string;
    toLocationUuid: string;
    change: number;
  }[];
  /** Locations that were opened: the system locations come with the first record. */
  locations: LocationBody[];
  /** Why the movements were allowed to break floors; absent when they were not. */
  override?: { floors: true; reason: string } | undefined;
  /** Where it comes from; absent when nobody said. */
  provenance?: ProvenanceBody | undefined;
  /** What was allowed from here on; absent when that was not set. */
  policy?: PolicyBody | undefined;
};

/** Where a record comes from, with what was said of it. */
export type ProvenanceBody = {
  source?: string | undefined;
  externalId?: string | undefined;
  reason?: string | undefined;
  causedBy?: string | undefined;
  /** ISO 8601, in UTC. */
  occurredAt?: string | undefined;
};

/** What one record did to a balance. */
export type HistoryRow = { record: MovementRow; change: number; balance: number };

/** A page of what happened to one balance. */
export type BalanceHistoryPage = { items: HistoryRow[]; next: string | null; asOf: number };

/** A balance, and all records that make it. */
export type ExplanationBody = { balance: number; asOf: number; items: HistoryRow[] };

/** What would become of a request. */
export type PreviewBody = {
  /** Whether it would be recorded; otherwise `problems` has every reason, the first of which it would be answered. */
  recorded: boolean;
  balances: { locationUuid: string; productUuid: string; variantUuid: string; before: number; balance: number }[];
  problems: ProblemBody[];
};

/** What differs between two sequences. */
export type DiffBody = {
  from: number;
  to: number;
  differences: { variantUuid: string; locationUuid: string; from: number; to: number }[];
};

/** A page of the journal. */
export type MovementPage = { items: MovementRow[]; next: string | null; asOf: number };

/** A subscription; its key is shown when it is made, and not again. */
export type SubscriptionBody = {
  uuid: string;
  transportName: 'WEBHOOK';
  eventNames: string[];
  updated: string;
  destination: string;
  /** Absent for none. */
  exceptSource?: string | undefined;
  contactEmail: string;
  status: 'ACTIVE' | 'FAILING';
  signingKey?: string | undefined;
};

// Years before 0 and after 9999 have a sign and six digits.
const anyTime = v.pipe(v.string(), v.regex(/^([+-]\d\d)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

export const movementRow: AnswerSchema<MovementRow> = v.strictObject({
  sequence: whole,
  commandUuid: id,
  externalUuid: v.nullable(id),
  timestamp: time,
  trackingChanges: v.array(
    v.strictObject({ productUuid: id, trackingStatusChange: v.picklist(['START_TRACKING', 'STOP_TRACKING']) }),
  ),
  movements: v.array(
    v.strictObject({
      productUuid: id,
      variantUuid: id,
      fromLocationUuid: id,
      toLocationUuid: id,
      change: amount,
    }),
  ),
  locations: v.array(locationBody),
  override: v.optional(v.strictObject({ floors: v.literal(true), reason: v.string() })),
  provenance: v.optional(
    v.strictObject({
      source: v.optional(v.string()),
      externalId: v.optional(v.string()),
      reason: v.optional(v.string()),
      causedBy: v.optional(id),
      occurredAt: v.optional(anyTime),
    }),
  ),
  policy: v.optional(policyBody),
});

export const movementPage: AnswerSchema<MovementPage> = v.strictObject({
  items: v.array(movementRow),
  next: v.nullable(v.string()),
  asOf: whole,
});

const historyRow: AnswerSchema<HistoryRow> = v.strictObject({ record: movementRow, change: amount, balance: amount });

export const balanceHistoryPage: AnswerSchema<BalanceHistoryPage> = v.strictObject({
  items: v.array(historyRow),
  next: v.nullable(v.string()),
  asOf: whole,
});

export const explanationBody: AnswerSchema<ExplanationBody> = v.strictObject({
  balance: amount,
  asOf: whole,
  items: v.array(historyRow),
});

export const previewBody: AnswerSchema<PreviewBody> = v.strictObject({
  recorded: v.boolean(),
  balances: v.array(
    v.strictObject({ locationUuid: id, productUuid: id, variantUuid: id, before: amount, balance: amount }),
  ),
  problems: v.array(problemBody),
});

export const diffBody: AnswerSchema<DiffBody> = v.strictObject({
  from: whole,
  to: whole,
  differences: v.array(v.strictObject({ variantUuid: id, locationUuid: id, from: amount, to: amount })),
});

export const subscriptionBody: AnswerSchema<SubscriptionBody> = v.strictObject({
  uuid: id,
  transportName: v.literal('WEBHOOK'),
  eventNames: v.array(v.string()),
  updated: time,
  destination: v.string(),
  exceptSource: v.optional(v.string()),
  contactEmail: v.string(),
  status: v.picklist(['ACTIVE', 'FAILING']),
  signingKey: v.optional(v.pipe(v.string(), v.length(64))),
});
