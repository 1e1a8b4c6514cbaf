/** Why an object or a request for one was refused. */
export type ObjectRefusal = 'bad_key' | 'empty' | 'exists' | 'not_signed' | 'too_large' | 'wrong_type';

/** The caller asked for what the store does not do: a repeat is refused, too. */
export class ObjectRefusedError extends Error {
  override readonly name = 'ObjectRefusedError';

  constructor(
    readonly refusal: ObjectRefusal,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The store does not work. `unavailable` may pass by waiting (no answer, overload, a full disk); `misconfigured` stays until somebody
 * changes the settings or rights (a wrong key, no bucket, a folder that is read-only).
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly reason: 'unavailable' | 'misconfigured',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
