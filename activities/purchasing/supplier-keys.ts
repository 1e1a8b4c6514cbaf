import type { SupplierSecrets } from '../../entities/purchasing/supplier-secrets';

/** The sealed secrets of a supplier's row. */
interface SealedKeys {
  readonly supplierId: string;
  readonly secret: Buffer | null;
  readonly secretKeyId: string | null;
  readonly previousSecret: Buffer | null;
  readonly previousSecretKeyId: string | null;
}

/** The keys that count for a supplier, the current one first. */
export function keysOf(row: SealedKeys, secrets: SupplierSecrets): Buffer[] {
  const { supplierId } = row;
  const open = (sealed: Buffer | null, keyId: string | null) =>
    sealed && keyId !== null ? [secrets.open({ sealed, keyId }, supplierId)] : [];
  return [...open(row.secret, row.secretKeyId), ...open(row.previousSecret, row.previousSecretKeyId)];
}
