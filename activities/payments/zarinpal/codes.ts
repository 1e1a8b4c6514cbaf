import type { FailureClass } from '../payment-gateway';

/**
 * What a code means: a {@link FailureClass}, `ok`, or `reverse` for codes that exist for reversals only and mean nothing
 * elsewhere.
 */
export type CodeClass = FailureClass | 'ok' | 'reverse';

interface Code {
  readonly class: CodeClass;
  /** Zarinpal's own wording, spelling included, so that an operator finds it in their documentation. */
  readonly message: string;
}

const operator = (message: string): Code => ({ class: 'operator', message });

/** Every code that Zarinpal documents: https://www.zarinpal.com/docs/paymentGateway/errorList */
export const CODES: Readonly<Record<number, Code>> = {
  100: { class: 'ok', message: 'Success' },
  101: { class: 'ok', message: 'Verified' },
  [-9]: operator('Validation error'),
  [-10]: operator('Terminal is not valid, please check merchant_id or ip address.'),
  [-11]: operator('Terminal is not active, please contact our support team.'),
  [-12]: { class: 'wait', message: 'To many attempts, please try again later.' },
  [-13]: operator('terminal limit reached.'),
  [-14]: operator('The callback URL domain does not match the registered terminal domain.'),
  [-15]: operator('Terminal user is suspend : (please contact our support team).'),
  [-16]: operator('Terminal user level is not valid : ( please contact our support team).'),
  [-17]: operator('Terminal user level is not valid : ( please contact our support team).'),
  [-18]: operator('The referrer address does not match the registered domain.'),
  [-19]: operator('Terminal user transactions are banned.'),
  [-30]: operator('Terminal do not allow to accept floating wages.'),
  [-31]: operator('Terminal do not allow to accept wages, please add default bank account in panel.'),
  [-32]: operator('Wages is not valid, Total wages(floating) has been overload max amount.'),
  [-33]: operator('Wages floating is not valid.'),
  [-34]: operator('Wages is not valid, Total wages(fixed) has been overload max amount.'),
  [-35]: operator('Wages is not valid, Total wages(floating) has been reached the limit in max parts.'),
  [-36]: operator('The minimum amount for wages(floating) should be 10,000 Rials'),
  [-37]: operator('One or more iban entered for wages(floating) from the bank side are inactive.'),
  [-38]: operator('Wages need to set Iban in shaparak.'),
  [-39]: operator('Wages have a error!'),
  [-40]: operator('Invalid extra params, expire_in is not valid.'),
  [-41]: operator('Maximum amount is 100,000,000 tomans.'),
  [-50]: { class: 'final', message: 'Session is not valid, amounts values is not the same.' },
  [-51]: { class: 'not_yet', message: 'Session is not valid, session is not active paid try.' },
  [-52]: { class: 'unknown', message: 'Oops!!, please contact our support team' },
  [-53]: { class: 'final', message: 'Session is not this merchant_id session' },
  [-54]: { class: 'final', message: 'Invalid authority.' },
  [-55]: { class: 'not_yet', message: 'manual payment request not found.' },
  [-60]: { class: 'reverse', message: 'Session can not be reversed with bank.' },
  [-61]: { class: 'reverse', message: 'Session is not in success status.' },
  [-62]: operator('Terminal ip limit most be active.'),
  [-63]: { class: 'reverse', message: 'Maximum time for reverse this session is expired.' },
  // A code of the body, not an HTTP status.
  429: operator('Referrer code format is invalid.'),
};

/** The class of a code. A code that is not in the table is `unknown`: the call may or may not have taken effect. */
export function classOf(code: number): CodeClass {
  return CODES[code]?.class ?? 'unknown';
}

/** Zarinpal's wording for a code, or a sentence that says that there is none. */
export function wordingOf(code: number): string {
  return CODES[code]?.message ?? 'A code that the documentation does not list.';
}
