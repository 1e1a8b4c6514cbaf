import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Marks that no phone shows: zero-width characters and directions. Copied numbers often carry them. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Every Iranian mobile number, also in ranges that are newer than the library's data. */
const IRANIAN_MOBILE = /^\+989\d{9}$/;

/** More than any spelling of a number needs. What is longer is not parsed. */
const LONGEST_SPELLING = 50;

export interface PhoneNumberRules {
  /**
   * Whether only ranges count that the library knows. New ranges reach it late, so a shop may accept everything that looks
   * like an Iranian mobile number. True by default.
   */
  readonly isStrict?: boolean;
}

/**
 * An Iranian mobile number in E.164 (`+989121234567`), from any spelling: with or without country code, with spaces, dashes,
 * brackets and a doubled trunk zero, in Persian, Arabic or European digits. Undefined for everything else.
 */
export function phoneNumber(
  spelling: string,
  { isStrict = true }: PhoneNumberRules = {},
): string | undefined {
  if (spelling.length > LONGEST_SPELLING) return undefined;
  const text = spelling.normalize('NFKC').replaceAll(INVISIBLE, '').trim();
  // Without `extract: false` the library finds a number inside any text.
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: 'IR', extract: false });
  if (!parsed || parsed.ext !== undefined) return undefined;
  const isMobile = isStrict
    ? parsed.country === 'IR' && parsed.getType() === 'MOBILE'
    : IRANIAN_MOBILE.test(parsed.number);
  return isMobile ? parsed.number : undefined;
}

/** Enough to recognise a number in E.164 by, and too little to call it: `+98912•••4567`. */
export function maskedPhone(phone: string): string {
  return `${phone.slice(0, 6)}•••${phone.slice(-4)}`;
}
