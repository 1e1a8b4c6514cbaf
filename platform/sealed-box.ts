import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** Bytes that only the holder of a key reads, and the id of that key, which is stored beside them. */
export interface Sealed {
  readonly sealed: Buffer;
  readonly keyId: string;
}

/** Seals secrets that are stored in rows. */
export interface SealedBoxes {
  /** @param context what the bytes belong to; they open with the same context only, so that rows cannot be exchanged */
  seal(plain: Buffer, context: string): Sealed;
  /** @throws Error for a key that was removed, another context or changed bytes */
  open(box: Sealed, context: string): Buffer;
  /** Whether the newest key has sealed it. */
  isCurrent(box: Pick<Sealed, 'keyId'>): boolean;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The first key seals and all of them open. Ids are derived from the keys, so that they need no care. */
export function createSealedBoxes(secrets: readonly string[]): SealedBoxes {
  const keys = secrets.map((secret) => ({
    id: createHmac('sha256', secret).update('key id').digest('hex').slice(0, 16),
    key: createHash('sha256').update(secret).digest(),
  }));
  const [current] = keys;
  if (!current) throw new Error('There is no key to seal with');
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]), keyId: current.id };
    },

    open({ sealed, keyId }, context) {
      const known = keys.find(({ id }) => id === keyId);
      if (!known) throw new Error(`No key with the id ${keyId} opens this: was it removed too early?`);
      const decipher = createDecipheriv(ALGORITHM, known.key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    },

    isCurrent: ({ keyId }) => keyId === current.id,
  };
}
