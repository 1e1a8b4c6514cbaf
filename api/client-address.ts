import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import type { KeyedHash } from '../platform/keyed-hash';

/**
 * Who calls, as far as it can be known. Each of our own proxies appends the address it saw to `X-Forwarded-For`, so
 * with two of them the second entry from the right is the caller and everything left of it is the caller's own
 * invention. An IPv4 address in IPv6 clothes is shown as IPv4.
 */
export function clientAddressOf(
  request: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string } },
  trustedProxies: number,
): string {
  const peer = plain(request.socket.remoteAddress ?? 'unknown');
  if (trustedProxies === 0) return peer;
  const header = request.headers['x-forwarded-for'];
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((entry) => entry.trim());
  const entry = plain(entries[Math.max(0, entries.length - trustedProxies)] ?? '');
  return isIP(entry) ? entry : peer;
}

/**
 * Whom a limit counts: an IPv4 address, or the /64 network of an IPv6 address, since one subscriber has all 2^64 of it.
 */
export function limitIdentityOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** What stands for a caller in the rows: the same for all whom a limit counts as one, and no address. */
export function clientKeyOf(keyedHash: KeyedHash, address: string): string {
  return keyedHash('client', limitIdentityOf(address));
}

function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
