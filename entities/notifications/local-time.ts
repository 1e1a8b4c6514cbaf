import { addDays, type BusinessDay } from '../calendar/business-day';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** Costly to build and safe to share. One for each canonical name, of which there are some 420. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Canonical names by lower-case spelling. `Intl` ignores case, so whoever may write a zone could fill a cache of spellings. */
const names = new Map<string, string>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const spelling = zone.toLowerCase();
  const known = clocks.get(names.get(spelling) ?? '');
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: spelling, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  const name = clock.resolvedOptions().timeZone;
  names.set(spelling, name);
  const shared = clocks.get(name) ?? clock;
  clocks.set(name, shared);
  return shared;
}

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;

/**
 * The canonical name of a zone of the IANA, however it is spelt: aliases have one too. `Intl` alone would also take an offset.
 * Undefined: there is no such zone.
 */
export function zoneOf(zone: string): string | undefined {
  if (!ZONE_NAME.test(zone)) return undefined;
  try {
    return clockOf(zone).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What clocks in a zone show. */
export function localTime(
  instant: Date,
  zone: string,
): { readonly day: BusinessDay; readonly minute: number } {
  const parts = clockOf(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((it) => it.type === type)!.value;
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * HOUR_MINUTES + Number(part('minute')),
  };
}

/** The instant at which clocks in a zone show so many minutes after midnight. What a change of clocks leaves out comes later. */
export function instantAt(day: BusinessDay, minute: number, zone: string): Date {
  const shown = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS;
  const offsetAt = (at: number) => {
    const local = localTime(new Date(at), zone);
    return Date.parse(`${local.day}T00:00:00Z`) + local.minute * MINUTE_MS - at;
  };
  const guess = shown - offsetAt(shown);
  return new Date(shown - offsetAt(guess));
}

/** When somebody wants no messages: minutes after midnight. A range over midnight is one, and equal ends are none. */
export interface QuietHours {
  readonly zone: string;
  readonly quietFrom: number;
  readonly quietTo: number;
}

/** When the quiet hours end that an instant is in; null when it is in none. */
export function quietUntil(instant: Date, { zone, quietFrom, quietTo }: QuietHours): Date | null {
  if (quietFrom === quietTo) return null;
  const { day, minute } = localTime(instant, zone);
  const isQuiet =
    quietFrom < quietTo ? minute >= quietFrom && minute < quietTo : minute >= quietFrom || minute < quietTo;
  if (!isQuiet) return null;
  const end = instantAt(minute < quietTo ? day : addDays(day, 1), quietTo, zone);
  // Where clocks go back, an hour is shown twice.
  return end > instant ? end : new Date(instant.getTime() + MINUTE_MS);
}

/** When the next quiet hours begin after an instant; null when there are none. */
export function nextQuiet(after: Date, { zone, quietFrom, quietTo }: QuietHours): Date | null {
  if (quietFrom === quietTo) return null;
  const { day } = localTime(after, zone);
  const today = instantAt(day, quietFrom, zone);
  return today > after ? today : instantAt(addDays(day, 1), quietFrom, zone);
}

/** The first instant after this one at which clocks in a zone show a full hour. */
export function nextHour(after: Date, hour: number, zone: string): Date {
  const { day } = localTime(after, zone);
  const today = instantAt(day, hour * HOUR_MINUTES, zone);
  return today > after ? today : instantAt(addDays(day, 1), hour * HOUR_MINUTES, zone);
}
