import type { DataSource } from 'typeorm';

import {
  recordReturn,
  type RecordedReturn,
  type RecordReturn,
} from '../../../entities/payments/record-return';
import { newId } from '../../../entities/values/uuid';
import type { BuiltOrder } from './orders';

/** A buyer's return to the first attempt of an order, stored as the callback route stores it. */
export async function buildReturn(
  database: DataSource,
  order: Pick<BuiltOrder, 'attempt'>,
  overrides: Partial<RecordReturn> = {},
): Promise<RecordedReturn & { readonly callbackId: string }> {
  const { gateway, authority } = order.attempt;
  if (authority === null) throw new Error('nobody can return to an attempt without an authority');
  const callbackId = overrides.callbackId ?? newId();
  const recorded = await recordReturn(database.manager, {
    callbackId,
    gateway,
    authority,
    claimed: 'paid',
    query: { Authority: authority, Status: 'OK' },
    atMost: 50,
    ...overrides,
  });
  if (!recorded) throw new Error(`authority ${authority} is unknown`);
  return { ...recorded, callbackId };
}
