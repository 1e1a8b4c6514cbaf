import { randomUUID } from 'node:crypto';

import type { OutgoingMessage } from '../../entities/purchasing/supplier-messages';
import { SUPPLIER_SECRETS } from './factories/suppliers';

/** A message to a supplier with a secret of its own, and that secret. */
export function buildOutgoing(fields: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const orderId = randomUUID();
  return {
    ...{ webhookId: `${orderId}-r1`, kind: 'order', channel: 'webhook', supplierId: randomUUID() },
    ...{ address: null, secret: null, secretKeyId: null, previousSecret: null, previousSecretKeyId: null },
    ...{ orderId, number: 1_001, revision: 1, createdAt: new Date(), deliverTo: 'انبار', lines: [] },
    ...fields,
  };
}

/** A secret of a supplier, as its row keeps it and as the supplier got it. */
export function buildSupplierSecret(supplierId: string) {
  const { sealed, keyId, secret } = SUPPLIER_SECRETS.create(supplierId);
  return { row: { secret: sealed, secretKeyId: keyId }, secret };
}
