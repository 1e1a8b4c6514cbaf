import { randomBytes } from 'node:crypto';

import { createSealedBoxes, type Sealed } from './sealed-box';
import { formatWebhookKey } from './standard-webhook';

const KEY_BYTES = 32;

/** Makes the secrets of suppliers and seals each for its row. */
export interface WebhookSecrets {
  create(supplierId: string): Sealed & { readonly secret: string };
  open(secret: Sealed, supplierId: string): Buffer;
}

/** @param keys the first seals and all of them open */
export function createWebhookSecrets(keys: readonly string[]): WebhookSecrets {
  const boxes = createSealedBoxes(keys);
  return {
    create(supplierId) {
      const key = randomBytes(KEY_BYTES);
      return { secret: formatWebhookKey(key), ...boxes.seal(key, supplierId) };
    },
    open: (secret, supplierId) => boxes.open(secret, supplierId),
  };
}
