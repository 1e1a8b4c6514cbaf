import type { GatewayClaim, GatewayInbound, InboundParameters } from '../gateway-inbound';
import { isAuthority } from './authority';
import { ZARINPAL_LIMITS } from './limits';

/** Longer values, and values after these, are ignored. No honest browser sends them. */
const LONGEST_VALUE = 64;
const MOST_VALUES = 20;

/**
 * Zarinpal sends the browser back by GET and adds `Authority` and `Status=OK|NOK` to our own parameters, unsigned. Names
 * are read in any case and values may repeat, because browsers, proxies and people change addresses.
 */
export const zarinpalInbound: GatewayInbound = {
  limits: ZARINPAL_LIMITS,
  readCallback(query, _method, body) {
    const authority =
      values(query, 'authority').find(isAuthority) ?? values(body, 'authority').find(isAuthority);
    if (authority === undefined) return undefined;
    return { authority, claimed: readClaim([...values(query, 'status'), ...values(body, 'status')]) };
  },
};

function readClaim(statuses: readonly string[]): GatewayClaim['claimed'] {
  const said = new Set(statuses.map((status) => status.toUpperCase()));
  if (said.size !== 1) return 'unclear';
  if (said.has('OK')) return 'paid';
  return said.has('NOK') ? 'not_paid' : 'unclear';
}

function values(parameters: InboundParameters | undefined, name: string): string[] {
  if (typeof parameters !== 'object' || parameters === null) return [];
  return Object.entries(parameters)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value)
    .slice(0, MOST_VALUES)
    .filter((value): value is string => typeof value === 'string' && value.length <= LONGEST_VALUE)
    .map((value) => value.trim());
}
