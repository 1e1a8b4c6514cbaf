/** A day of the shop as YYYY-MM-DD, Gregorian, as Postgres writes a `date`. */
export type BusinessDay = string;

const DAY_MS = 86_400_000;

/** Costly to build and safe to share. `en-CA` writes YYYY-MM-DD. */
const TEHRAN = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Tehran',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The business day of an instant: the date that a clock in Tehran shows. */
export function businessDay(instant: Date): BusinessDay {
  return TEHRAN.format(instant);
}

/** The day so many days later, or earlier when negative. A RangeError when `day` is no day. */
export function addDays(day: BusinessDay, days: number): BusinessDay {
  return new Date(noon(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days lie from the first to the second; negative when the second is earlier. */
export function daysBetween(from: BusinessDay, to: BusinessDay): number {
  return Math.round((noon(to) - noon(from)) / DAY_MS);
}

/** The day of the week, as Iran counts it: Saturday is 0, Friday 6. */
export function weekdayOf(day: BusinessDay): number {
  return (new Date(noon(day)).getUTCDay() + 1) % 7;
}

const noon = (day: BusinessDay) => Date.parse(`${day}T12:00:00Z`);

/** Writes the offset of Tehran from UTC as `GMT+03:30`. */
const OFFSET = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Tehran', timeZoneName: 'longOffset' });

/** The instant at which clocks in Tehran show so many minutes after midnight of a day. */
export function instantOf(day: BusinessDay, minute: number): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minute * 60_000;
  const offset = OFFSET.formatToParts(asUtc).find(({ type }) => type === 'timeZoneName')!.value;
  const [, hours, minutes] = /GMT\+(\d+):(\d+)/.exec(offset)!;
  return new Date(asUtc - (Number(hours) * 60 + Number(minutes)) * 60_000);
}

/** The instant at which a day ends in Tehran. */
export function endOf(day: BusinessDay): Date {
  return instantOf(day, 1_440);
}

/** The minutes that clocks in Tehran show after midnight. */
export function minuteOf(instant: Date): number {
  return Math.floor((instant.getTime() - instantOf(businessDay(instant), 0).getTime()) / 60_000);
}
