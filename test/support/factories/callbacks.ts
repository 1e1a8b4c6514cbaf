import type { DataSource } from 'typeorm';

import {
  recordCallback,
  type RecordedCallback,
  type RecordCallback,
} from '../../../entities/checkout/record-callback';
import { newId } from '../../../entities/values/uuid';
import type { BuiltOrder } from './orders';

/** A buyer's callback to the first attempt of an order, stored as the callback route stores it. */
export async function buildCallback(
  database: DataSource,
  order: Pick<BuiltOrder, 'attempt'>,
  overrides: Partial<RecordCallback> = {},
): Promise<RecordedCallback & { readonly callbackId: string }> {
  const { gateway, authority } = order.attempt;
  if (authority === null) throw new Error('an attempt without an authority has no callback');
  const callbackId = overrides.callbackId ?? newId();
  const recorded = await recordCallback(database.manager, {
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
