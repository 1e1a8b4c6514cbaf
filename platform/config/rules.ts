/** Rules for `unsafeInProduction`. Each returns the reason, or undefined when the value is safe. */

/** An address that buyers or providers use must be https and must not be this machine. */
export function publicHttpsOnly(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (isThisMachine(url.hostname)) return 'points to this machine, which nobody outside can reach';
  return url.protocol === 'https:' ? undefined : 'must be an https address in production';
}

/** A provider's address must not be a sandbox: orders would count as paid without money. */
export function realProviderOnly(value: unknown): string | undefined {
  const reason = publicHttpsOnly(value);
  if (reason) return reason;
  return typeof value === 'string' && /sandbox/i.test(value)
    ? 'points to a sandbox, where nobody pays real money'
    : undefined;
}

function isThisMachine(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '0.0.0.0' || hostname === '[::1]' || hostname.startsWith('127.')
  );
}
