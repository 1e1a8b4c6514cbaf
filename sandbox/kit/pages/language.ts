/** What pages are written in; the first is for callers who prefer nothing. */
export const LANGUAGES = ['fa', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Wording = Readonly<Record<Language, string>>;

const NUMBERS: Readonly<Record<Language, Intl.NumberFormat>> = {
  fa: new Intl.NumberFormat('fa-IR'),
  en: new Intl.NumberFormat('en-GB'),
};
const TIME = { timeZone: 'Asia/Tehran', dateStyle: 'medium', timeStyle: 'medium' } as const;
const TIMES: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  fa: new Intl.DateTimeFormat('fa-IR', TIME),
  en: new Intl.DateTimeFormat('en-GB', TIME),
};

/** `۱۲۳٬۴۵۶` or `123,456`. */
export function shownNumber(language: Language, value: number): string {
  return NUMBERS[language].format(value);
}

/** Date and time of day in Tehran, in Persian in the Persian calendar. */
export function shownTime(language: Language, instant: number): string {
  return TIMES[language].format(instant);
}
