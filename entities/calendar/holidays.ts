import type { JalaliDate } from './jalali';

/** A public holiday of Iran. */
export interface Holiday {
  readonly name: string;
  /** False for a date that was calculated and may move by a day when the moon is seen. */
  readonly certain: boolean;
}

/**
 * Holidays of the solar calendar, the same each year by law:
 * https://en.wikipedia.org/wiki/Public_holidays_in_Iran
 */
const FIXED = {
  '1-1': 'Nowruz',
  '1-2': 'Nowruz',
  '1-3': 'Nowruz',
  '1-4': 'Nowruz',
  '1-12': 'Islamic Republic Day',
  '1-13': 'Nature Day',
  '3-14': 'Death of Imam Khomeini',
  '3-15': '15 Khordad',
  '11-22': 'Victory of the Revolution',
  '12-29': 'Nationalisation of the oil industry',
};

/**
 * Holidays of the lunar calendar by Jalali year, as month-day.
 *
 * 1404: the official calendar of the Council of Public Culture, whose 26 days these and the fixed ones are.
 * 1405: the official calendar as the press printed it (https://www.ilna.ir, 30 October 2025) up to Ashura. The
 * rest, and all of 1406, is calculated (Umm al-Qura calendar of ICU) and marked with "?": replace it by the
 * official calendar, which appears each autumn for the next year.
 */
const LUNAR: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1404: {
    '1-2': 'Martyrdom of Imam Ali',
    '1-11': 'Eid al-Fitr',
    '1-12': 'Eid al-Fitr',
    '2-4': 'Martyrdom of Imam Sadiq',
    '3-16': 'Eid al-Adha',
    '3-24': 'Eid al-Ghadir',
    '4-14': 'Tasua',
    '4-15': 'Ashura',
    '5-23': 'Arbaeen',
    '5-31': 'Death of the Prophet',
    '6-2': 'Martyrdom of Imam Reza',
    '6-10': 'Martyrdom of Imam Hasan Askari',
    '6-19': 'Birth of the Prophet',
    '9-3': 'Martyrdom of Fatima',
    '10-13': 'Birth of Imam Ali',
    '10-27': 'Mission of the Prophet',
    '11-15': 'Birth of Imam Mahdi',
    '12-20': 'Martyrdom of Imam Ali',
  },
  1405: {
    '1-1': 'Eid al-Fitr',
    '1-2': 'Eid al-Fitr',
    '3-6': 'Eid al-Adha',
    '3-14': 'Eid al-Ghadir',
    '4-3': 'Tasua',
    '4-4': 'Ashura',
    '5-13': 'Arbaeen?',
    '5-21': 'Death of the Prophet?',
    '5-22': 'Martyrdom of Imam Reza?',
    '5-30': 'Martyrdom of Imam Hasan Askari?',
    '6-8': 'Birth of the Prophet?',
    '8-22': 'Martyrdom of Fatima?',
    '10-2': 'Birth of Imam Ali?',
    '10-16': 'Mission of the Prophet?',
    '11-4': 'Birth of Imam Mahdi?',
    '12-10': 'Martyrdom of Imam Ali?',
    '12-19': 'Eid al-Fitr?',
    '12-20': 'Eid al-Fitr?',
  },
  1406: {
    '2-26': 'Eid al-Adha?',
    '3-3': 'Eid al-Ghadir?',
    '3-24': 'Tasua?',
    '3-25': 'Ashura?',
    '5-2': 'Arbaeen?',
    '5-10': 'Death of the Prophet?',
    '5-11': 'Martyrdom of Imam Reza?',
    '5-19': 'Martyrdom of Imam Hasan Askari?',
    '5-28': 'Birth of the Prophet?',
    '8-11': 'Martyrdom of Fatima?',
    '9-20': 'Birth of Imam Ali?',
    '10-4': 'Mission of the Prophet?',
    '10-22': 'Birth of Imam Mahdi?',
    '11-28': 'Martyrdom of Imam Ali?',
    '12-7': 'Eid al-Fitr?',
    '12-8': 'Eid al-Fitr?',
  },
};

/** The holidays of a Jalali year by `month-day`: only the fixed ones when the year's lunar ones are unknown. */
export function holidaysOf(year: number): ReadonlyMap<string, Holiday> {
  const lunar = Object.entries(LUNAR[year] ?? {}).map(([day, name]): [string, Holiday] => [
    day,
    { name: name.replace('?', ''), certain: !name.endsWith('?') },
  ]);
  const fixed = Object.entries(FIXED).map(([day, name]): [string, Holiday] => [day, { name, certain: true }]);
  return new Map([...lunar, ...fixed]);
}

/** From Bahman on, the official calendar of the next year is known. */
const KNOWN_FROM_MONTH = 11;

/** The Jalali year whose lunar holidays should be in this file by now, and are not; null when none is missing. */
export function missingLunarYear({ year, month }: JalaliDate): number | null {
  const needed = month >= KNOWN_FROM_MONTH ? year + 1 : year;
  return hasLunarHolidays(needed) ? null : needed;
}

/** Whether the lunar holidays of a Jalali year are in this file. */
export const hasLunarHolidays = (year: number): boolean => year in LUNAR;
