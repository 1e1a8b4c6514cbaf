/** Hours of Tehran. */
export const TELLING_HOURS = { from: 8, until: 21 };
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Costly to build and safe to share. */
const TEHRAN = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Tehran',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/**
 * When customers may hear of what nobody needs at night: the instant itself between these hours of Tehran, otherwise the next
 * time that they begin. Iran has had no summer time since 2022, so a day has 24 hours.
 */
export function nextTellingTime(instant: Date, { from, until } = TELLING_HOURS): Date {
  const [hours = 0, minutes = 0] = TEHRAN.format(instant).split(':').map(Number);
  if (hours >= from && hours < until) return instant;
  const sinceMidnight = hours * 60 + minutes;
  const wait = (from * 60 - sinceMidnight + DAY_MINUTES) % DAY_MINUTES;
  const minute = Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS;
  return new Date(minute + wait * MINUTE_MS);
}
