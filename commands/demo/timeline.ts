/** Who says something in the timeline of an order. */
export type Speaker =
  | 'buyer'
  | 'staff'
  | 'supplier'
  | 'shop'
  | 'workflow'
  | 'Zarinpal'
  | 'journal'
  | 'socket';

interface Entry {
  readonly at: number;
  readonly who: Speaker;
  readonly what: string;
}

/** Who said what, and when, in milliseconds since the epoch. All processes share this machine's clock. */
export class Timeline {
  private readonly entries: Entry[] = [];

  said(who: Speaker, what: string, at: number = Date.now()): void {
    this.entries.push({ at, who, what });
  }

  /** One line per entry, oldest first, with the milliseconds since the first entry. */
  lines(): string[] {
    const entries = this.entries.toSorted((one, other) => one.at - other.at);
    const start = entries[0]?.at ?? 0;
    const width = Math.max(...entries.map(({ at }) => milliseconds(at - start).length), 5);
    return [
      `${'ms'.padStart(width)}  who       what`,
      ...entries.map(
        ({ at, who, what }) => `${milliseconds(at - start).padStart(width)}  ${who.padEnd(8)}  ${what}`,
      ),
    ];
  }
}

function milliseconds(duration: number): string {
  return Math.round(duration).toLocaleString('en-US');
}
