import { fateOf } from '../sms/magic-recipients';
import type { Account } from './accounts';
import { TwilioError } from './errors';

/** https://www.twilio.com/docs/iam/test-credentials */
const MAGIC_RECIPIENTS: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};
const E164 = /^\+[1-9]\d{7,14}$/;

/** Reads `To`. Throws what Twilio refuses a recipient with. */
export function readRecipient(account: Account, form: URLSearchParams): string {
  const given = form.get('To');
  if (!given) throw new TwilioError(21604);
  const to = recipientOf(given);
  const isIranian = to.startsWith('+98');
  if (!E164.test(to) || (isIranian && to.length !== 13)) throw new TwilioError(21211, given);
  const magic = account.kind === 'test' ? MAGIC_RECIPIENTS[to] : undefined;
  if (magic !== undefined) throw new TwilioError(magic, to);
  if (isIranian && !to.startsWith('+989')) throw new TwilioError(21635, to);
  const isPermitted = account.countries?.some((country) => to.startsWith(country)) ?? true;
  if (!isPermitted) throw new TwilioError(21408, to);
  if (account.kind === 'trial' && !account.verifiedNumbers.includes(to)) throw new TwilioError(21608, to);
  if (account.kind !== 'test' && fateOf(to) === 'blacklisted') throw new TwilioError(21610);
  return to;
}

/** A number without the marks that people write into it. */
export function recipientOf(text: string): string {
  return text.replaceAll(/[\s().-]/g, '');
}
