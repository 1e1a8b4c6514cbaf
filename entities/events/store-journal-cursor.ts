import type { EntityManager } from 'typeorm';

import { rows, statement, type Transaction } from '../sql';
import { JournalCursor } from './journal-cursor';

const STORE = statement(
  `INSERT INTO journal_cursors (consumer, snapshot) VALUES ($1, $2)
   ON CONFLICT (consumer) DO UPDATE SET snapshot = excluded.snapshot, updated_at = now()`,
);

/** Where a consumer resumes reading the journal. Undefined for one that has never stored a cursor. */
export async function readJournalCursor(
  manager: EntityManager,
  consumer: string,
): Promise<string | undefined> {
  const found = await manager.findOne(JournalCursor, { select: { snapshot: true }, where: { consumer } });
  return found?.snapshot;
}

/**
 * Stores where a consumer resumes. Store a cursor after its events were acknowledged, never before. One process at a time may
 * store for a consumer.
 */
export async function storeJournalCursor(
  transaction: Transaction,
  consumer: string,
  cursor: string,
): Promise<void> {
  await rows(transaction, STORE, [consumer, cursor]);
}
