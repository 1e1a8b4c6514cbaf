/** `A` in production or `S` in Zarinpal's sandbox, then 35 letters or digits. The official clients check the same. */
const AUTHORITY = /^[AS][0-9a-zA-Z]{35}$/;

/** Whether the value can be an authority. Case matters. */
export function isAuthority(value: unknown): value is string {
  return typeof value === 'string' && AUTHORITY.test(value);
}
