import type { EntityManager } from 'typeorm';

import { accountExists } from '../auth/account-exists';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { instant, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { ROOM } from './chat.events';
import { lockPeople } from './lock-people';
import type { ChatActor, ChatReader } from './room-access';

/** The most people whom one person has blocked, so that a list has an end. */
const BLOCKS_SHOWN = 1_000;

const LOCK_DIRECT = statement<{ id: string }>(
  'SELECT id FROM rooms WHERE direct_key = $1 FOR NO KEY UPDATE',
  {
    id: uuid,
  },
);

const BLOCK = statement<{ blockedId: string }>(
  `INSERT INTO blocks (account_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
   RETURNING blocked_id AS "blockedId"`,
  { blockedId: uuid },
);

/**
 * Blocks somebody. The two no longer open a room with each other, write in the one they have, or invite each other. In groups both go
 * on. A repetition changes nothing.
 *
 * @throws AppError `chat.person_not_found`, `auth.session_over`
 */
export async function blockPerson(
  transaction: Transaction,
  { accountId }: ChatActor,
  { accountId: blockedId }: { readonly accountId: string },
): Promise<void> {
  await lockPeople(transaction, accountId, blockedId);
  const direct = await lockDirectRoom(transaction, accountId, blockedId);
  if (await row(transaction, BLOCK, [accountId, blockedId])) await tell(transaction, direct);
}

const UNBLOCK = statement<{ blockedId: string }>(
  'DELETE FROM blocks WHERE account_id = $1 AND blocked_id = $2 RETURNING blocked_id AS "blockedId"',
  { blockedId: uuid },
);

/**
 * Takes a block back. Of somebody who is not blocked, nothing changes.
 *
 * @throws AppError `chat.person_not_found` for whoever never had an account
 */
export async function unblockPerson(
  transaction: Transaction,
  { accountId }: ChatActor,
  { accountId: blockedId }: { readonly accountId: string },
): Promise<void> {
  const direct = await lockDirectRoom(transaction, accountId, blockedId);
  if (await row(transaction, UNBLOCK, [accountId, blockedId])) return tell(transaction, direct);
  assertThat(await accountExists(transaction, blockedId), 'chat.person_not_found');
}

/** Whoever sends in their room at this moment comes before the block, or is refused. */
async function lockDirectRoom(
  transaction: Transaction,
  ...people: readonly [string, string]
): Promise<string | undefined> {
  return (await row(transaction, LOCK_DIRECT, [people.toSorted().join(':')]))?.id;
}

async function tell(transaction: Transaction, roomId: string | undefined): Promise<void> {
  if (roomId === undefined) return;
  await recordEvents(transaction, ROOM, roomId, { type: 'room.blocks_changed', payload: {} });
}

/** Somebody whom the reader has blocked. */
export interface BlockedPerson {
  readonly accountId: string;
  readonly name: string | null;
  readonly createdAt: Date;
}

const READ = statement<BlockedPerson>(
  `SELECT b.blocked_id AS "accountId", p.name, b.created_at AS "createdAt"
   FROM blocks b LEFT JOIN profiles p ON p.account_id = b.blocked_id
   WHERE b.account_id = $1 ORDER BY b.created_at DESC, b.blocked_id LIMIT ${BLOCKS_SHOWN}`,
  { accountId: uuid, name: nullable(text), createdAt: instant },
);

/** Whom the reader has blocked, the latest first, at most 1,000. */
export function readBlocks(manager: EntityManager, { accountId }: ChatReader): Promise<BlockedPerson[]> {
  return rows(manager, READ, [accountId]);
}
