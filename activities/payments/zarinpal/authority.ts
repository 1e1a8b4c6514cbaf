/** `A` in production, `S` in Zarinpal's sandbox, then 35 letters or digits; the check of the official clients. */
const AUTHORITY = /^[AS][0-9a-zA-Z]{35}$/;

/** Whether the value can be an authority. Case matters, so it is never folded. */
export function isAuthority(value: unknown): value is string {
  return typeof value === 'string' && AUTHORITY.test(value);
}
