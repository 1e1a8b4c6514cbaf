import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

import type { KeyedHash } from './keyed-hash';

/**
 * The caller's address, as far as it can be known. Each of our own proxies appends the address that it saw to
 * `X-Forwarded-For`. With two proxies the second entry from the right is the caller, and the caller may have invented every
 * entry left of it. An IPv4-mapped IPv6 address becomes IPv4.
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
  const entry = entries.at(-trustedProxies) ?? entries[0]!;
  return isIP(entry) ? plain(entry) : peer;
}

/**
 * What a limit counts: an IPv4 address, or the /64 network of an IPv6 address, because one subscriber has all of it.
 */
export function limitIdentityOf(address: string): string {
  if (!isIPv6(address)) return address;
  const network = ipaddr.IPv6.parse(address).parts.slice(0, 4);
  return `${network.map((part) => part.toString(16)).join(':')}::/64`;
}

/** Identifies a caller in rows without storing the address. Callers that a limit counts as one have the same key. */
export function clientKeyOf(keyedHash: KeyedHash, address: string): string {
  return keyedHash('client', limitIdentityOf(address));
}

function plain(address: string): string {
  return isIPv6(address) ? ipaddr.process(address).toString() : address;
}

/** The check of Node takes a while, and most addresses are of the other kind. */
function isIPv6(address: string): boolean {
  return address.includes(':') && isIP(address) === 6;
}
