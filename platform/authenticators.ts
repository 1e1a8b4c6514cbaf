import { randomBytes } from 'node:crypto';

import { createSealedBoxes, type Sealed } from './sealed-box';
import { TOTP_SECRET_BYTES, totpStepOf } from './totp';

/** The sealed secret of a factor, and the id of its row, for which alone it is sealed. */
export interface SealedSecret extends Sealed {
  readonly id: string;
}

/** Makes the secrets of authenticators, seals them for their rows and reads codes. */
export interface TotpAuthenticators {
  create(id: string): Sealed & { readonly secret: Buffer };
  stepOf(factor: SealedSecret, code: string): number | undefined;
  reseal(factor: SealedSecret): Sealed;
}

/** @param keys the first seals and all of them open */
export function createAuthenticators(
  keys: readonly string[],
  now: () => number = Date.now,
): TotpAuthenticators {
  const boxes = createSealedBoxes(keys);
  return {
    create(id) {
      const secret = randomBytes(TOTP_SECRET_BYTES);
      return { secret, ...boxes.seal(secret, id) };
    },
    stepOf: (factor, code) => totpStepOf(boxes.open(factor, factor.id), code, now()),
    reseal(factor) {
      if (boxes.isCurrent(factor)) return { sealed: factor.sealed, keyId: factor.keyId };
      return boxes.seal(boxes.open(factor, factor.id), factor.id);
    },
  };
}
