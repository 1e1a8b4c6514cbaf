/** ISO 8601 with a zone, without which an instant would depend on who reads it. */
export const INSTANT =
  /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The first year and the last. Later ones have five digits somewhere on Earth, or are a mistake. */
const YEARS = [2000, 2999] as const;

/** The instant that a text names. Undefined where there is none: `Date` reads February 30 as March 2. */
export function instantIn(text: string): Date | undefined {
  if (!INSTANT.test(text) || !isDay(text.slice(0, 10))) return undefined;
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return YEARS[0] <= year && year <= YEARS[1] ? instant : undefined;
}

/** Whether the text is a day that exists, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
