/** A factor as it is stored. */
export interface StoredFactor {
  readonly id: string;
  readonly sealed: Buffer;
  readonly keyId: string;
}

/** What knows the secrets of authenticators. The rows hold them sealed, so that who reads the database has no second factor. */
export interface Authenticators {
  /** A new secret for a factor, as it is stored and as its person gets it. */
  create(factorId: string): { readonly secret: Buffer; readonly sealed: Buffer; readonly keyId: string };
  /** The step whose code this is; undefined when the authenticator does not show it now. */
  stepOf(factor: StoredFactor, code: string): number | undefined;
  /** The secret sealed with the newest key. */
  reseal(factor: StoredFactor): { readonly sealed: Buffer; readonly keyId: string };
}
