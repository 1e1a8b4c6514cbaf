/** A date of the Jalali (solar Hijri) calendar: Farvardin is month 1, Esfand month 12. */
export interface JalaliDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Half months of a Jalali year: days 1–15 of Farvardin are 0, the rest of Esfand is 23. */
export const HALF_MONTHS = 24;

/** Costly to build and safe to share. `latn` keeps the digits parseable. */
const JALALI = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
});

/** The Jalali date of a day written as YYYY-MM-DD. A RangeError when it is no such day. */
export function jalaliDate(day: string): JalaliDate {
  const parts = new Map(
    JALALI.formatToParts(new Date(`${day}T12:00:00Z`)).map(({ type, value }) => [type, Number(value)]),
  );
  return { year: parts.get('year')!, month: parts.get('month')!, day: parts.get('day')! };
}

/** Which of the 24 half months of its year a Jalali date lies in. */
export function halfMonthOf({ month, day }: JalaliDate): number {
  return (month - 1) * 2 + (day > 15 ? 1 : 0);
}
