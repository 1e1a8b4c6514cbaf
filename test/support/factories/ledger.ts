import type { DataSource } from 'typeorm';

import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';

/** A change of stock in the past: at an instant, or at an hour of a business day in Tehran such as `2026-11-20 14:00`. */
export interface PastMovement {
  readonly at: string;
  readonly delta: number;
  readonly reason?: 'received' | 'sale' | 'cancellation';
  readonly ref?: string;
  readonly locationId?: string;
}

let made = 0;

/** Writes a variant's history as it would stand in the ledger, the oldest first, and makes the variant as old as it. */
export async function buildLedger(
  database: DataSource,
  variantId: string,
  movements: readonly PastMovement[],
): Promise<void> {
  await withTransaction(database, async (transaction) => {
    await rows(
      transaction,
      `UPDATE variants SET created_at = least(created_at, $2::timestamp AT TIME ZONE 'Asia/Tehran') WHERE id = $1`,
      [variantId, movements[0]!.at],
    );
    for (const { at, delta, reason = 'received', ref, locationId = DEFAULT_LOCATION_ID } of movements) {
      made += 1;
      await rows(
        transaction,
        'INSERT INTO stock_levels (variant_id, location_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [variantId, locationId],
      );
      await rows(
        transaction,
        `WITH moved AS (
           UPDATE stock_levels SET on_hand = on_hand + $3, movement_seq = movement_seq + 1
           WHERE variant_id = $1 AND location_id = $2 RETURNING on_hand, movement_seq)
         INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref, created_at)
         SELECT $1, $2, movement_seq, $3, on_hand, $4, $5, $6::timestamp AT TIME ZONE 'Asia/Tehran' FROM moved`,
        [variantId, locationId, delta, reason, ref ?? `past:${made}`, at],
      );
    }
  });
}
