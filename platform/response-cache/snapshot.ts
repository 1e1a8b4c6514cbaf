/**
 * Which transactions a reader saw, as Postgres writes it: `xmin:xmax:xip,xip`. All before `xmin` had ended, none from `xmax` on had begun,
 * and those in `xip` were running. The ids are those of `xid8`, which never wrap. Savepoints have no ids here.
 */
export interface Snapshot {
  readonly text: string;
  readonly xmin: number;
  readonly xmax: number;
  readonly running: ReadonlySet<number>;
}

const FORM = /^\d{1,16}:\d{1,16}:(\d{1,16}(,\d{1,16})*)?$/;

/** Reads the text of `pg_current_snapshot()`. Undefined for any other text. */
export function parseSnapshot(text: string): Snapshot | undefined {
  if (!FORM.test(text)) return undefined;
  const [xmin, xmax, running] = text.split(':') as [string, string, string];
  const ids = running === '' ? [] : running.split(',').map(Number);
  return { text, xmin: Number(xmin), xmax: Number(xmax), running: new Set(ids) };
}

/** Whether a reader with this snapshot saw what the transaction committed. It must have committed by now. */
export function sees({ xmin, xmax, running }: Snapshot, xid: number): boolean {
  return xid < xmin || (xid < xmax && !running.has(xid));
}

/** Whether a snapshot sees everything that another one sees. */
export function seesAllOf(snapshot: Snapshot, other: Snapshot): boolean {
  if (snapshot.xmax < other.xmax) return false;
  for (const xid of snapshot.running) if (sees(other, xid)) return false;
  return true;
}
