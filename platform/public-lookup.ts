import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

import ipaddr from 'ipaddr.js';

/** Whether an IP address is one of the public internet: no private, link-local, loopback or reserved one. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * Whether a URL may be called that somebody has typed in: https at a name, or at a public address. Names are judged by what they
 * resolve to: {@link lookupPublic}.
 */
export function isPublicUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const literal = hostname.replace(/^\[|\]$/g, '');
  const isAllowed = isIP(literal) === 0 || isPublicAddress(literal);
  return protocol === 'https:' && username === '' && password === '' && isAllowed;
}

/**
 * Resolves a name to its public addresses only. The connection goes to one of these, so that a name cannot mean another address a
 * moment later.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const found = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = found;
    if (!first) return callback(new Error(`${hostname} has no public address`), '');
    if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
};
