/** How lists are read in parts. */
export interface Paging {
  readonly limit?: number | null;
  readonly offset?: number | null;
}

const USUAL_LIMIT = 25;

/** One part of a list: by default 25 rows. */
export function pageOf<T>(rows: readonly T[], { limit, offset }: Paging): T[] {
  const from = Math.max(0, offset ?? 0);
  return rows.slice(from, from + Math.max(0, limit ?? USUAL_LIMIT));
}

/** Zarinpal writes instants like `2020-07-01T17:33:25.000Z`; null stays null. */
export function timeOf(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
