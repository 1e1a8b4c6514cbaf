import type { EntityManager } from 'typeorm';

import { AppError } from '../errors';
import { instant, integer, jsonList, jsonObject, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { TransferStatus } from './transfer-status';

/** Units of a variant in a transfer. */
export interface TransferLineState {
  readonly variantId: string;
  readonly sku: string;
  readonly sent: number;
  readonly received: number;
  readonly returned: number;
  readonly lost: number;
}

/** A transfer, as staff see it. */
export interface TransferState {
  readonly id: string;
  readonly number: number;
  readonly fromId: string;
  readonly toId: string;
  readonly status: TransferStatus;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly shippedAt: Date | null;
  readonly endedAt: Date | null;
  readonly version: number;
  /** By SKU. */
  readonly lines: TransferLineState[];
}

const SHAPE = {
  id: uuid,
  number: integer,
  fromId: uuid,
  toId: uuid,
  status: text,
  note: nullable(text),
  createdAt: instant,
  shippedAt: nullable(instant),
  endedAt: nullable(instant),
  version: integer,
  lines: jsonList(
    jsonObject<TransferLineState>({
      variantId: uuid,
      sku: text,
      sent: integer,
      received: integer,
      returned: integer,
      lost: integer,
    }),
  ),
};

const SELECT = `SELECT t.id, t.number, t.from_id AS "fromId", t.to_id AS "toId", t.status, t.note,
    t.created_at AS "createdAt", t.shipped_at AS "shippedAt", t.ended_at AS "endedAt", t.version,
    (SELECT coalesce(json_agg(json_build_object('variantId', i.variant_id, 'sku', v.sku, 'sent', i.sent,
       'received', i.received, 'returned', i.returned, 'lost', i.lost) ORDER BY v.sku), '[]')
     FROM stock_transfer_lines i JOIN variants v ON v.id = i.variant_id WHERE i.transfer_id = t.id) AS lines
  FROM stock_transfers t`;

const ONE = statement<TransferState>(`${SELECT} WHERE t.id = $1`, SHAPE);
const LIST = statement<TransferState>(
  `${SELECT} WHERE t.number < $1 AND ($2::varchar IS NULL OR t.status = $2) ORDER BY t.number DESC LIMIT $3`,
  SHAPE,
);

/** @throws AppError `transfer.not_found` */
export async function requireTransfer(manager: EntityManager, id: string): Promise<TransferState> {
  const transfer = await row(manager, ONE, [id]);
  if (!transfer) throw new AppError('transfer.not_found');
  return transfer;
}

/** Transfers before a number, the newest first. */
export function readTransfers(
  manager: EntityManager,
  page: { readonly before: number; readonly status: TransferStatus | null; readonly limit: number },
): Promise<TransferState[]> {
  return rows(manager, LIST, [page.before, page.status, page.limit]);
}

const LOCK = statement<{ id: string }>('SELECT id FROM stock_transfers WHERE id = $1 FOR UPDATE', {
  id: uuid,
});

/**
 * Locks a transfer for the rest of the transaction, before any level.
 *
 * @throws AppError `transfer.not_found`
 */
export async function lockTransfer(transaction: Transaction, id: string): Promise<TransferState> {
  await rows(transaction, LOCK, [id]);
  return requireTransfer(transaction, id);
}
