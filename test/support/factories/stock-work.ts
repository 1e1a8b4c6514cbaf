import type { DataSource } from 'typeorm';

import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import type { Actor } from '../../../entities/staff/audited';
import { approveCount } from '../../../entities/stocktaking/approve-count';
import { countLine, openCount } from '../../../entities/stocktaking/count-stock';
import { draftTransfer } from '../../../entities/transfers/draft-transfer';
import { receiveTransfer, shipTransfer } from '../../../entities/transfers/run-transfer';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { buildLocation } from './stock-locations';
import { buildStockedVariant } from './stocked-variant';

/** Whoever counted may approve any difference. */
export const ANY_DIFFERENCE = { mostUnits: 1e9, mostValue: Number.MAX_SAFE_INTEGER };

/** A transfer of a new variant from the first location to a new one. */
export async function buildTransfer(
  database: DataSource,
  actor: Actor,
  { sent, received }: { readonly sent: number; readonly received: number },
): Promise<{
  readonly id: string;
  readonly variantId: string;
  readonly fromId: string;
  readonly toId: string;
}> {
  const { id: variantId } = await buildStockedVariant(database);
  const [id, fromId, toId] = [newId(), DEFAULT_LOCATION_ID, await buildLocation(database)];
  await withTransaction(database, async (transaction) => {
    const lines = [{ variantId, quantity: sent }];
    await draftTransfer(transaction, actor, { id, fromId, toId, note: null, lines });
    await shipTransfer(transaction, actor, { id, seen: 1 });
    if (received > 0) {
      const arrived = [{ variantId, quantity: received }];
      await receiveTransfer(transaction, actor, { id, receiptId: newId(), lines: arrived });
    }
  });
  return { id, variantId, fromId, toId };
}

/** An approved count of a new variant at the first location, which believes in ten of it. */
export async function buildApprovedCount(
  database: DataSource,
  actor: Actor,
  difference: number,
): Promise<{ readonly id: string; readonly variantId: string }> {
  const { id: variantId } = await buildStockedVariant(database);
  const id = newId();
  await withTransaction(database, async (transaction) => {
    await openCount(transaction, actor, { id, locationId: DEFAULT_LOCATION_ID, note: null });
    const { version } = await countLine(transaction, actor, {
      ...{ countId: id, variantId, counted: 10 + difference },
    });
    await approveCount(transaction, actor, { id, seen: version, own: ANY_DIFFERENCE });
  });
  return { id, variantId };
}
