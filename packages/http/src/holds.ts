import {
  type Availability,
  createHolds,
  formatPath,
  type Holds,
  type Ledger,
  type OpenHold,
  type Path,
  type Receipt,
  type Uuid,
} from '@stockfold/core';
import type { Result, ResultAsync } from 'neverthrow';
import type { AvailabilityBody, HoldRow, HoldsPage, RecordedBody } from './answers.ts';
import type { HoldPartBody, HoldsBody, PostHoldBody } from './hold-schemas.ts';
import { ledgerProblem, type Problem } from './problem.ts';

type Asked<T> = Promise<Result<T, Problem>>;

/** `POST …/holds`: all of them, or none. */
export function placeHolds(ledger: Ledger, { owner, expiresAt, holds }: HoldsBody): Asked<RecordedBody> {
  const lines = holds.map(({ holdUuid, locationUuid, productUuid, variantUuid, quantity }) => {
    return { holdId: holdUuid, locationId: locationUuid, productId: productUuid, variantId: variantUuid, quantity };
  });
  const place = (path: Path) => placeIn(path, index => `holds[${index}].`);
  return recorded(createHolds(ledger).reserve({ id: ledger.newId(), owner, expiresAt, lines }), place);
}

/** `POST …/holds/{hold}/post` */
export function postHold(
  ledger: Ledger,
  holdId: Uuid,
  { quantity, toLocationUuid }: PostHoldBody,
): Asked<RecordedBody> {
  const lines = [{ holdId, quantity: quantity ?? undefined }];
  const posting = createHolds(ledger).post({ id: ledger.newId(), to: toLocationUuid ?? undefined, lines });
  return recorded(posting, path => placeIn(path, () => ''));
}

/** `POST …/holds/{hold}/release` */
export function releaseHold(ledger: Ledger, holdId: Uuid, { quantity }: HoldPartBody): Asked<RecordedBody> {
  const lines = [{ holdId, quantity: quantity ?? undefined }];
  const releasing = createHolds(ledger).release({ id: ledger.newId(), lines });
  return recorded(releasing, path => placeIn(path, () => ''));
}

/** `GET …/holds` */
export async function openHolds(ledger: Ledger, query: Parameters<Holds['open']>[0]): Asked<HoldsPage> {
  const page = await createHolds(ledger).open(query);
  return page
    .map(({ items, next, asOf }) => ({ items: items.map(toHoldRow), next, asOf }))
    .mapErr(error => ledgerProblem(error, placeIn));
}

/** `GET …/availability` */
export async function availability(
  ledger: Ledger,
  query: Readonly<{ locationId: string; variantId: string }>,
): Asked<AvailabilityBody> {
  return (await createHolds(ledger).availability(query)).map(toBody).mapErr(error => ledgerProblem(error, placeIn));
}

async function recorded(
  done: ResultAsync<Receipt, Parameters<typeof ledgerProblem>[0]>,
  place: (path: Path) => string,
): Asked<RecordedBody> {
  return (await done).map(toRecorded).mapErr(error => ledgerProblem(error, place));
}

function toRecorded({ commandId, sequence, recordedAt }: Receipt): RecordedBody {
  return { commandUuid: commandId, sequence, recordedAt: isoOf(recordedAt) };
}

function toHoldRow(hold: OpenHold): HoldRow {
  const { holdId, locationId, productId, variantId, quantity, owner, placedAt, expiresAt, ageMs, isExpired } = hold;
  return {
    holdUuid: holdId,
    locationUuid: locationId,
    productUuid: productId,
    variantUuid: variantId,
    quantity,
    owner,
    placedAt: isoOf(placedAt),
    expiresAt: expiresAt === null ? null : isoOf(expiresAt),
    ageMs,
    expired: isExpired,
  };
}

function toBody({ locationId, variantId, holds, ...amounts }: Availability): AvailabilityBody {
  return { locationUuid: locationId, variantUuid: variantId, ...amounts, holds: holds.map(toHoldRow) };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

const FIELDS: Readonly<Record<string, string>> = {
  holdId: 'holdUuid',
  locationId: 'locationUuid',
  productId: 'productUuid',
  variantId: 'variantUuid',
  to: 'toLocationUuid',
};

/** `lines[1].quantity`, or `request.lines[1].quantity`, as the body calls it. */
function placeIn(path: Path, lineAt: (index: string | number) => string = () => ''): string {
  const [list, index, field] = path[0] === 'request' ? path.slice(1) : path;
  if (list === 'lines' && index !== undefined && field !== undefined)
    return `${lineAt(index)}${FIELDS[field] ?? field}`;
  return FIELDS[String(list)] ?? formatPath(path);
}
