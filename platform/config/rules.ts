import ipaddr from 'ipaddr.js';

/** For `IsUrl`: an http(s) address, also of a server on this machine. */
export const WEB_ADDRESS = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** Rules for `unsafeInProduction`. Each returns the reason, or undefined when the value is safe. */

/** An address that buyers or providers use must be https, and somebody outside must be able to reach it. */
export function publicHttpsOnly(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { hostname, protocol } = new URL(value);
  const place = unreachablePlace(hostname);
  if (place) return `points to ${place}, which nobody outside can reach`;
  return protocol === 'https:' ? undefined : 'must be an https address in production';
}

/** A provider's address must not be a sandbox: orders would count as paid without money. */
export function realProviderOnly(value: unknown): string | undefined {
  const reason = publicHttpsOnly(value);
  if (reason) return reason;
  return typeof value === 'string' && /sandbox/i.test(value)
    ? 'points to a sandbox, where nobody pays real money'
    : undefined;
}

/** A value that only a sandbox knows. */
export function developmentOnly(sandboxValue: string): (value: unknown) => string | undefined {
  return (value) =>
    value === sandboxValue ? 'has a value of the sandbox: set that of your account' : undefined;
}

/** Names that no public server has (RFC 6761, RFC 6762, RFC 8375, and `.internal`, which ICANN reserved for private use). */
const PRIVATE_NAME = /(^|\.)(local|internal|lan|home\.arpa|test|invalid)$/;

function unreachablePlace(hostname: string): 'this machine' | 'a private network' | undefined {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal)) {
    const range = ipaddr.process(literal).range();
    if (range === 'unicast') return undefined;
    return range === 'loopback' || range === 'unspecified' ? 'this machine' : 'a private network';
  }
  if (/(^|\.)localhost$/.test(hostname)) return 'this machine';
  return PRIVATE_NAME.test(hostname) || !hostname.includes('.') ? 'a private network' : undefined;
}
