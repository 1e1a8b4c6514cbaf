/** The parts of Zarinpal, and the sandbox's own. */
export type Area = 'rest' | 'pay-page' | 'graphql' | 'control';

/** What an address offers; where any merchant id is accepted, authorities begin with `S`. */
export interface Host {
  readonly areas: readonly Area[];
  readonly acceptsAnyId: boolean;
}

const PRODUCTION = false;
const SANDBOX = true;

const HOSTS: Readonly<Record<string, Host>> = {
  'payment.zarinpal.com': { areas: ['rest', 'pay-page'], acceptsAnyId: PRODUCTION },
  'sandbox.zarinpal.com': { areas: ['rest', 'pay-page'], acceptsAnyId: SANDBOX },
  'api.zarinpal.com': { areas: ['rest'], acceptsAnyId: PRODUCTION },
  'www.zarinpal.com': { areas: ['pay-page'], acceptsAnyId: PRODUCTION },
  'next.zarinpal.com': { areas: ['graphql'], acceptsAnyId: PRODUCTION },
};

/** The host behind a name; any other name or address is the plain base, which offers everything. */
export function hostOf(name: string, plainAcceptsAnyId: boolean): Host {
  return (
    HOSTS[name.toLowerCase()] ?? {
      areas: ['rest', 'pay-page', 'graphql', 'control'],
      acceptsAnyId: plainAcceptsAnyId,
    }
  );
}
