import { iranianMobile } from '../sms/iranian-mobile';
import { Refusal } from './codes';
import type { Switches } from './switches';

/** A receptor in the two spellings that matter. */
export interface Receptor {
  /** As Kavenegar answers it: `09121234567`, or `00…` abroad. */
  readonly local: string;
  readonly e164: string;
}

const LEADING_ZERO = /^09\d{9}$/;
const ABROAD = /^00(?!98)([1-9]\d{6,14})$/;

/** Reads a receptor. Throws 411. */
export function receptorOf(
  given: string,
  { receptorForms }: Pick<Switches, 'receptorForms'>,
  { mayBeAbroad = false }: { mayBeAbroad?: boolean } = {},
): Receptor {
  const text = given.trim();
  const [, abroad] = mayBeAbroad ? (ABROAD.exec(text) ?? []) : [];
  if (abroad) return { local: text, e164: `+${abroad}` };
  const national = iranianMobile(text);
  const isAccepted = receptorForms === 'all-four' || LEADING_ZERO.test(text);
  if (!national || !isAccepted) throw new Refusal(411);
  return { local: `0${national}`, e164: `+98${national}` };
}
