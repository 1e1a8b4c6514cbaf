import type { InboxMessage } from './inbox-message';

/** Messages to a number, in any spelling, or to all numbers that end so. An empty text fits all. */
export function numberFilter(given: string): (message: InboxMessage) => boolean {
  if (given.trim() === '') return () => true;
  const digits = Array.from(given, digitOf).join('');
  if (digits === '') return () => false;
  const ending = digits.replace(/^00(?=\d{8})/, '').replace(/^0?(?=9\d{9}$)/, '98');
  return ({ to }) => to.endsWith(ending);
}

/** The digit as ASCII; anything else is nothing. */
function digitOf(character: string): string {
  if (/^\d$/.test(character)) return character;
  const index = Math.max('۰۱۲۳۴۵۶۷۸۹'.indexOf(character), '٠١٢٣٤٥٦٧٨٩'.indexOf(character));
  return index === -1 ? '' : String(index);
}
