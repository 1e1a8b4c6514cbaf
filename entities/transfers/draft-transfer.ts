import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { requireLocation } from '../inventory/change-location';
import { refuseTooManyUnits } from '../inventory/refuse-shortages';
import { uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { lockTransfer, requireTransfer, type TransferState } from './read-transfers';
import { TRANSFER } from './transfers.events';

/** The most lines that one transfer may have. */
export const MOST_TRANSFER_LINES = 200;

/** Units of a variant that are sent. A variant appears once. */
export interface SentLine {
  readonly variantId: string;
  readonly quantity: number;
}

/** Goods that somebody wants to send. */
export interface DraftTransfer {
  readonly id: string;
  readonly fromId: string;
  readonly toId: string;
  readonly note: string | null;
  readonly lines: readonly SentLine[];
}

const INSERT = statement<{ id: string }>(
  `INSERT INTO stock_transfers (id, from_id, to_id, note, created_by) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT DO NOTHING RETURNING id`,
  { id: uuid },
);
const UNKNOWN = statement<{ id: string }>(
  `SELECT wanted.id FROM unnest($1::uuid[]) AS wanted(id)
   WHERE NOT EXISTS (SELECT FROM variants v WHERE v.id = wanted.id) LIMIT 1`,
  { id: uuid },
);
const CLEAR_LINES = statement('DELETE FROM stock_transfer_lines WHERE transfer_id = $1');
const INSERT_LINES = statement(
  `INSERT INTO stock_transfer_lines (transfer_id, variant_id, sent)
   SELECT $1::uuid, l.variant_id, l.sent FROM unnest($2::uuid[], $3::integer[]) AS l(variant_id, sent)`,
);
const CHANGE = statement('UPDATE stock_transfers SET note = $2 WHERE id = $1');

/**
 * Drafts a transfer. Nothing moves yet. A repetition with the same id changes nothing.
 *
 * @throws AppError `transfer.same_location`, `stock.location_not_found`, `catalog.variant_not_found`, `stock.too_many_units`,
 * `request.idempotency_key_reused`, `auth.session_over`
 */
export async function draftTransfer(
  transaction: Transaction,
  actor: Actor,
  draft: DraftTransfer,
): Promise<Drafted> {
  const drafted = await writeDraft(transaction, actor, draft);
  const isUnchanged = drafted.transfer.version === 1;
  assertThat(!isUnchanged || hasLines(drafted.transfer, draft.lines), 'request.idempotency_key_reused');
  if (drafted.isNew) {
    await audited(transaction, actor, {
      action: 'stock.change',
      object: { type: 'stock_transfer', id: draft.id },
      details: { did: 'draft', lines: draft.lines.length },
    });
  }
  return drafted;
}

/** A transfer, and whether this request has made it. */
export interface Drafted {
  readonly transfer: TransferState;
  readonly isNew: boolean;
}

/** Whether a transfer sends these lines. */
export function hasLines(transfer: TransferState, lines: readonly SentLine[]): boolean {
  const sent = new Map(transfer.lines.map((line) => [line.variantId, line.sent]));
  return (
    sent.size === lines.length && lines.every(({ variantId, quantity }) => sent.get(variantId) === quantity)
  );
}

/** {@link draftTransfer} for an act that writes its own record. */
export async function writeDraft(
  transaction: Transaction,
  actor: Actor,
  { id, fromId, toId, note, lines }: DraftTransfer,
): Promise<Drafted> {
  assertThat(fromId !== toId, 'transfer.same_location');
  await requireLocation(transaction, fromId);
  await requireLocation(transaction, toId);
  const isNew = (await row(transaction, INSERT, [id, fromId, toId, note, actor.accountId])) !== undefined;
  if (isNew) {
    await putLines(transaction, id, lines);
    await recordEvents(transaction, TRANSFER, id, { type: 'transfer.created', payload: { fromId, toId } });
  }
  const transfer = await requireTransfer(transaction, id);
  assertThat(transfer.fromId === fromId && transfer.toId === toId, 'request.idempotency_key_reused');
  return { transfer, isNew };
}

/** Drafts a transfer that a decision of the shop asks for, in place of a person. Staff ship or cancel it. */
export async function draftNeededTransfer(
  transaction: Transaction,
  { id, fromId, toId, note, lines }: DraftTransfer,
): Promise<void> {
  await rows(transaction, INSERT, [id, fromId, toId, note, null]);
  await putLines(transaction, id, lines);
  await recordEvents(transaction, TRANSFER, id, { type: 'transfer.created', payload: { fromId, toId } });
}

/**
 * Replaces the lines of a draft.
 *
 * @throws AppError `transfer.not_found`, `transfer.not_draft`, `transfer.changed`, `catalog.variant_not_found`,
 * `auth.session_over`
 */
export async function changeDraft(
  transaction: Transaction,
  actor: Actor,
  { id, seen, note, lines }: Pick<DraftTransfer, 'id' | 'note' | 'lines'> & { readonly seen: number },
): Promise<TransferState> {
  const { status, version } = await lockTransfer(transaction, id);
  assertThat(status === 'draft', 'transfer.not_draft');
  assertThat(version === seen, 'transfer.changed', { version });
  await rows(transaction, CLEAR_LINES, [id]);
  await putLines(transaction, id, lines);
  await rows(transaction, CHANGE, [id, note]);
  await recordEvents(transaction, TRANSFER, id, { type: 'transfer.changed', payload: {} });
  await audited(transaction, actor, {
    action: 'stock.change',
    object: { type: 'stock_transfer', id },
    details: { did: 'change', lines: lines.length },
  });
  return requireTransfer(transaction, id);
}

async function putLines(transaction: Transaction, id: string, lines: readonly SentLine[]): Promise<void> {
  for (const { variantId, quantity } of lines) refuseTooManyUnits(variantId, quantity);
  const variantIds = lines.map(({ variantId }) => variantId);
  const unknown = await row(transaction, UNKNOWN, [variantIds]);
  assertThat(!unknown, 'catalog.variant_not_found', { variantId: unknown?.id ?? '' });
  await rows(transaction, INSERT_LINES, [id, variantIds, lines.map(({ quantity }) => quantity)]);
}
