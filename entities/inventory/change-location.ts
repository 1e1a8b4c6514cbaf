import { assertThat, AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { claimRequest } from '../steps/claim-request';
import { STOCK_LOCATION } from './inventory.events';
import type { LocationKind } from './stock-location';

/** A place that stores goods, as staff see it. */
export interface LocationState {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly priority: number;
  readonly sells: boolean;
  readonly kind: LocationKind;
  readonly version: number;
}

const SHAPE = {
  id: uuid,
  code: text,
  title: text,
  priority: integer,
  sells: boolean,
  kind: text,
  version: integer,
} as const;
const COLUMNS = 'id, code, title, priority, sells, kind, version';

/** More than any shop has. */
export const MOST_LOCATIONS = 500;

const LIST = statement<LocationState>(
  `SELECT ${COLUMNS} FROM stock_locations ORDER BY priority, id LIMIT ${MOST_LOCATIONS}`,
  SHAPE,
);
const INSERT = statement<{ id: string }>(
  `INSERT INTO stock_locations (id, code, title, priority, sells, kind) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT DO NOTHING RETURNING id`,
  { id: uuid },
);
const FIND = statement<LocationState>(`SELECT ${COLUMNS} FROM stock_locations WHERE id = $1`, SHAPE);
/** It waits for transactions that make levels here, so that the shown units of a variant count all levels or none. */
const LOCK = statement<LocationState>(
  `SELECT ${COLUMNS} FROM stock_locations WHERE id = $1 FOR UPDATE`,
  SHAPE,
);
const CHANGE = statement(
  'UPDATE stock_locations SET title = $2, priority = $3, sells = $4, kind = $5 WHERE id = $1',
);

/** All locations, in the order in which orders are taken from them. */
export function readLocations(transaction: Transaction): Promise<LocationState[]> {
  return rows(transaction, LIST);
}

/** @throws AppError `stock.location_not_found` */
export async function requireLocation(transaction: Transaction, id: string): Promise<LocationState> {
  const location = await row(transaction, FIND, [id]);
  if (!location) throw new AppError('stock.location_not_found');
  return location;
}

/**
 * Opens a location. A repetition with the same id changes nothing.
 *
 * @throws AppError `stock.location_code_taken`, `stock.quarantine_sells`, `request.idempotency_key_reused`, `auth.session_over`
 */
export async function openLocation(
  transaction: Transaction,
  actor: Actor,
  location: Omit<LocationState, 'version'>,
): Promise<{ readonly location: LocationState; readonly isNew: boolean }> {
  const { id, code, title, priority, sells, kind } = location;
  await claimRequest(transaction, id, { code, title, priority, sells, kind });
  assertThat(kind !== 'quarantine' || !sells, 'stock.quarantine_sells');
  const isNew = (await row(transaction, INSERT, [id, code, title, priority, sells, kind])) !== undefined;
  if (isNew) {
    await recordEvents(transaction, STOCK_LOCATION, id, { type: 'location.changed', payload: {} });
    await audited(transaction, actor, {
      action: 'location.change',
      object: { type: 'stock_location', id },
      details: { code, sells, kind },
    });
  }
  const present = await row(transaction, FIND, [id]);
  assertThat(present, 'stock.location_code_taken');
  return { location: present, isNew };
}

/** What changes of a location. */
export interface LocationChange extends Partial<
  Pick<LocationState, 'title' | 'priority' | 'sells' | 'kind'>
> {
  readonly id: string;
  /** The version that the change is based on. */
  readonly seen: number;
}

/**
 * Changes a location. One that stops selling keeps its stock, which is shown and not sold. What orders hold there stays theirs.
 *
 * @throws AppError `stock.location_not_found`, `stock.location_changed`, `stock.quarantine_sells`, `auth.session_over`
 */
export async function changeLocation(
  transaction: Transaction,
  actor: Actor,
  { id, seen, ...change }: LocationChange,
): Promise<LocationState> {
  const before = await row(transaction, LOCK, [id]);
  assertThat(before, 'stock.location_not_found');
  assertThat(before.version === seen, 'stock.location_changed', { version: before.version });
  const { title, priority, sells, kind } = { ...before, ...change };
  assertThat(kind !== 'quarantine' || !sells, 'stock.quarantine_sells');
  await rows(transaction, CHANGE, [id, title, priority, sells, kind]);
  await recordEvents(transaction, STOCK_LOCATION, id, { type: 'location.changed', payload: {} });
  await audited(transaction, actor, {
    action: 'location.change',
    object: { type: 'stock_location', id },
    details: { priority, sells, kind },
  });
  return requireLocation(transaction, id);
}
