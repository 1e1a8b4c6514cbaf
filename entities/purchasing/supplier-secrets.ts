/** A secret as a row keeps it. */
export interface SealedSupplierSecret {
  readonly sealed: Buffer;
  readonly keyId: string;
}

/** What knows the secrets of suppliers. The rows hold them sealed, so that who reads the database can sign nothing. */
export interface SupplierSecrets {
  /** A new secret for a supplier, as it is stored and, once, as a person passes it on: `whsec_` and base64. */
  create(supplierId: string): SealedSupplierSecret & { readonly secret: string };
  /** The bytes that sign. */
  open(secret: SealedSupplierSecret, supplierId: string): Buffer;
}
