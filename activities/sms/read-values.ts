import type { SmsCost } from '../../workflows/sms/sms-provider.steps';

/** The id of a message: a positive integer, as text. Undefined for everything else. */
export function readMessageId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  // `parseJson` hands over as text what JavaScript would round.
  return typeof value === 'string' && /^[1-9]\d{15,39}$/.test(value) ? value : undefined;
}

/** What a message cost, or a credit that is left, as the part of an outcome that has it; empty when it cannot be read. */
export function readCost(value: unknown, unit: string): { cost?: SmsCost } {
  const amount = readDecimal(value);
  return amount === undefined ? {} : { cost: { amount, unit } };
}

/** An exact decimal. JavaScript writes a number of up to 15 digits as it was sent. Undefined for what it would write as 1e-7. */
export function readDecimal(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^-?\d{1,18}(\.\d{1,12})?$/.test(text) ? text : undefined;
}

/** A time in seconds since the epoch as milliseconds. */
export function readSeconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value * 1000 : undefined;
}

/** A number in the spelling that Iranian providers want: `09…` for one of Iran, `00…` for others. */
export function iranianSpelling(e164: string): string {
  return e164.startsWith('+98') ? `0${e164.slice(3)}` : `00${e164.slice(1)}`;
}
