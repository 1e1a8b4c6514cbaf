import { createCallbacks, type Callbacks } from '../../kit/callbacks';
import { oneOf, orNull, type Values } from '../../kit/fields';
import type { Kit } from '../../kit/kit';
import type { Delivery } from '../../kit/message';
import type { Session } from './session';

/** What a callback claims; NOK stands for failed and cancelled alike. */
export type CallbackStatus = 'OK' | 'NOK';

/** How the two parameter names are written; shops must read them in any case. */
export const PARAMETER_CASE = oneOf('usual', 'lower', 'upper');

export type ParameterCase = (typeof PARAMETER_CASE)['fallback'];

/** What faults and rules can name. */
export const TARGETS = ['authority', 'merchantId'] as const;

const RULE = {
  parameterCase: PARAMETER_CASE,
  /** A lie about the outcome. */
  status: orNull(oneOf('OK', 'NOK')),
};

/** How one callback is to be sent; a rule that fits changes it. */
export interface CallbackOptions {
  readonly parameterCase?: ParameterCase | undefined;
  readonly copies?: number | undefined;
}

/** The buyers' ways back to the shop. */
export interface BuyerCallbacks {
  readonly all: Callbacks<Values<typeof RULE>>;
  /** Loads the callback in the buyer's place. */
  send(session: Session, status: CallbackStatus, options?: CallbackOptions): Promise<Delivery[]>;
  /** Where the buyer's own browser goes; null when a rule keeps it on the pay page. */
  viaBrowser(session: Session, status: CallbackStatus, copies: number): Promise<string | null>;
}

/** Callbacks with those that were kept before a restart. */
export function createBuyerCallbacks(kit: Kit): BuyerCallbacks {
  const all = createCallbacks(kit, { ruleFields: RULE, targets: TARGETS });
  const outgoing = (
    session: Session,
    status: CallbackStatus,
    { parameterCase, copies }: CallbackOptions,
  ) => ({
    target: { authority: session.authority, merchantId: session.merchantId },
    copies,
    write(rule: Values<typeof RULE> | undefined) {
      const { authority } = session;
      const claimed = rule?.status ?? status;
      const spelling = parameterCase ?? rule?.parameterCase;
      return {
        url: callbackUrl(session.callbackUrl, authority, claimed, spelling),
        headers: {
          Accept: 'text/html,application/xhtml+xml',
          'User-Agent': 'Mozilla/5.0 (Zarinpal sandbox)',
        },
        note: { authority, status: claimed },
      };
    },
  });
  return {
    all,
    send: (session, status, options = {}) => all.send(outgoing(session, status, options)),
    viaBrowser: (session, status, copies) => all.viaBrowser(outgoing(session, status, { copies })),
  };
}

/** The shop's callback URL with `Authority` and `Status` added; its own query and fragment are kept. */
export function callbackUrl(
  base: string,
  authority: string,
  status: CallbackStatus,
  parameterCase: ParameterCase = 'usual',
): string {
  const [beforeFragment = '', ...fragment] = base.split('#');
  const joint = beforeFragment.includes('?') ? '&' : '?';
  const query = `${spelt('Authority', parameterCase)}=${authority}&${spelt('Status', parameterCase)}=${status}`;
  return [beforeFragment + joint + query, ...fragment].join('#');
}

function spelt(name: string, parameterCase: ParameterCase): string {
  if (parameterCase === 'lower') return name.toLowerCase();
  return parameterCase === 'upper' ? name.toUpperCase() : name;
}
