import type { EntityManager } from 'typeorm';

import { text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { JournalCursor } from './journal-cursor';

const START = statement<{ snapshot: string }>(
  `INSERT INTO journal_cursors AS known (consumer, snapshot) VALUES ($1, pg_current_snapshot()::text)
   ON CONFLICT (consumer) DO UPDATE SET snapshot = known.snapshot
   RETURNING snapshot`,
  { snapshot: text },
);

const STORE = statement<{ snapshot: string }>(
  `INSERT INTO journal_cursors AS known (consumer, snapshot) VALUES ($1, $2)
   ON CONFLICT (consumer) DO UPDATE SET snapshot = excluded.snapshot, updated_at = now()
   WHERE $3::text IS NULL OR known.snapshot = $3
   RETURNING snapshot`,
  { snapshot: text },
);

/** Where a consumer resumes reading the journal. Undefined for one that has never stored a cursor. */
export async function readJournalCursor(
  manager: EntityManager,
  consumer: string,
): Promise<string | undefined> {
  const found = await manager.findOne(JournalCursor, { select: { snapshot: true }, where: { consumer } });
  return found?.snapshot;
}

/** Where a consumer resumes. One that has never stored a cursor begins now, and from now on misses nothing. */
export async function startJournalCursor(transaction: Transaction, consumer: string): Promise<string> {
  const started = await row(transaction, START, [consumer]);
  return started!.snapshot;
}

/**
 * Stores where a consumer resumes. Store a cursor after its events were acknowledged, never before.
 *
 * @param from the cursor that it replaces, where two processes might store for the same consumer
 * @returns false when another process has moved the cursor from there; nothing is stored then
 */
export async function storeJournalCursor(
  transaction: Transaction,
  consumer: string,
  cursor: string,
  from?: string,
): Promise<boolean> {
  return (await row(transaction, STORE, [consumer, cursor, from ?? null])) !== undefined;
}
