import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { inviteMember, leaveRoom } from '../../entities/chat/arrange-members';
import { blockPerson, unblockPerson } from '../../entities/chat/block-person';
import { deleteMessage } from '../../entities/chat/change-message';
import { ROOM } from '../../entities/chat/chat.events';
import { hydrateRoomEvents, readRoomEvents } from '../../entities/chat/hydrate-events';
import { markRead } from '../../entities/chat/mark-read';
import { openDirectRoom, openGroup } from '../../entities/chat/open-room';
import { readMessages, searchMessages } from '../../entities/chat/read-messages';
import { readMembers, readRoom, readRooms } from '../../entities/chat/read-rooms';
import { readOpenReports, reportMessage, resolveReport } from '../../entities/chat/report-message';
import type { ChatActor } from '../../entities/chat/room-access';
import { sendMessage } from '../../entities/chat/send-message';
import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { readEvents } from '../../entities/events/read-events';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { chatOf } from '../support/chat';
import { buildAgent, buildDirect, buildGroup, buildPerson, say } from '../support/factories/chat';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
let shop: ShopDatabase;
let staff: ChatActor;

beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 12 });
  staff = await buildAgent(shop, 'staff');
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const { manager, codeOf, textsOf, eventsOf } = chatOf(() => shop);

describe('what was deleted', () => {
  const SECRET = 'Zarathustra4711';

  /** The tables in which a text stands, whatever the column. */
  async function tablesWith(trace: string): Promise<string[]> {
    const tables = await rows<{ table: string }>(
      manager(),
      `SELECT table_name AS table FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const hits: string[] = [];
    for (const { table } of tables) {
      const found = await row(
        manager(),
        `SELECT 1 FROM ${table} AS t WHERE position(lower($1) IN lower(t::text)) > 0 LIMIT 1`,
        [trace],
      );
      if (found) hits.push(table);
    }
    return hits;
  }

  test('is in no table, history, search, list, event, resume or report', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const { seq } = await say(shop, member, roomId, `The secret is ${SECRET}`);
    await shop.run((transaction) =>
      reportMessage(transaction, owner, { roomId, seq, reason: 'fraud', note: '' }),
    );
    expect(await searchMessages(manager(), owner, { typed: SECRET, limit: 5 })).toHaveLength(1);
    expect(await tablesWith(SECRET)).toEqual(['messages']);
    const raw = await readEvents(manager(), ROOM, roomId, 0, 100);
    const tail = raw.map((event) => ({ ...event, aggregateId: roomId }));
    expect(JSON.stringify(raw)).not.toContain(SECRET);
    expect(JSON.stringify(await hydrateRoomEvents(manager(), tail))).toContain(SECRET);

    await shop.run((transaction) => deleteMessage(transaction, member, { roomId, seq }));

    expect(await tablesWith(SECRET)).toEqual([]);
    expect(await searchMessages(manager(), owner, { typed: SECRET, limit: 5 })).toEqual([]);
    const told = [
      await hydrateRoomEvents(manager(), tail),
      await readRoomEvents(manager(), owner, { roomId, after: 0, limit: 100 }),
      await readMessages(manager(), owner, { roomId, limit: 100 }),
      await readRooms(manager(), owner, { limit: 100 }),
      await readOpenReports(manager(), { after: null, limit: 100 }),
    ];
    expect(JSON.stringify(told)).not.toContain(SECRET);
    const [sent] = (await hydrateRoomEvents(manager(), tail)).filter(({ type }) => type === 'message.sent');
    expect(sent!.message).toMatchObject({ seq, text: '', deletedAt: expect.any(Date) as Date });
  });

  test('a batch of events of many rooms is hydrated by one query', async () => {
    const groups = [await buildGroup(shop), await buildGroup(shop)];
    for (const { roomId, owner } of groups)
      for (const text of ['One', 'Two']) await say(shop, owner, roomId, text);
    const batch = (
      await Promise.all(
        groups.map(async ({ roomId }) =>
          (await readEvents(manager(), ROOM, roomId, 0, 100)).map((it) => ({ ...it, aggregateId: roomId })),
        ),
      )
    ).flat();
    const { result: hydrated, statements } = await countStatements(shop.database, () =>
      hydrateRoomEvents(manager(), batch),
    );
    expect(statements).toHaveLength(1);
    expect(hydrated.map(({ type }) => type)).toEqual(batch.map(({ type }) => type));
    expect(hydrated.flatMap(({ message }) => message?.text ?? [])).toEqual(['One', 'Two', 'One', 'Two']);
  });
});

describe('what was read', () => {
  const read = (actor: ChatActor, roomId: string, seq: number) =>
    shop.run((transaction) => markRead(transaction, actor, { roomId, seq }));
  const unreadOf = async (actor: ChatActor, roomId: string) =>
    (await readRoom(manager(), actor, roomId)).unread;

  test('the pointer only grows, to the end at most, and of two devices the farther one counts', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    for (const text of ['One', 'Two', 'Three', 'Four']) await say(shop, owner, roomId, text);
    expect(await unreadOf(member, roomId)).toBe(4);
    expect(await read(member, roomId, 3)).toEqual({ lastReadSeq: 3 });
    expect(await read(member, roomId, 1)).toEqual({ lastReadSeq: 3 });
    await Promise.all([read(member, roomId, 2), read(member, roomId, 4), read(member, roomId, 3)]);
    expect(await read(member, roomId, 2_000_000_000)).toEqual({ lastReadSeq: 4 });
    expect(await unreadOf(member, roomId)).toBe(0);
    const told = (await eventsOf(roomId)).filter(({ type }) => type === 'member.read');
    const accountId = member.accountId;
    expect(told.map(({ payload }) => payload['seq'])).toEqual(
      [...told.map(({ payload }) => payload['seq'] as number)].toSorted((a, b) => a - b),
    );
    expect(told.at(-1)!.payload).toEqual({ accountId, seq: 4 });
  });

  test('what one sends oneself and what was deleted is not unread, and it is counted to 100', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await say(shop, member, roomId, 'Mine');
    const { seq } = await say(shop, owner, roomId, 'Theirs');
    expect(await unreadOf(member, roomId)).toBe(1);
    await shop.run((transaction) => deleteMessage(transaction, owner, { roomId, seq }));
    expect(await unreadOf(member, roomId)).toBe(0);
    await shop.run(async (transaction) => {
      for (let n = 0; n < 120; n += 1)
        await sendMessage(transaction, owner, { roomId, clientId: newId(), text: `${n}` });
    });
    expect(await unreadOf(member, roomId)).toBe(100);
  });

  test('whoever comes back has nothing unread of the time before, and the pointer is not behind', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await say(shop, owner, roomId, 'One');
    await read(member, roomId, 1);
    await shop.run((transaction) => leaveRoom(transaction, member, { roomId }));
    expect(await codeOf(read(member, roomId, 1))).toBe('chat.room_not_found');
    await say(shop, owner, roomId, 'Two');
    await shop.run((transaction) =>
      inviteMember(transaction, owner, { roomId, accountId: member.accountId }),
    );
    expect(await readRoom(manager(), member, roomId)).toMatchObject({ unread: 0, lastReadSeq: 2 });
  });

  test('crosses no block: in the room of the two the pointer moves, and the other is neither told nor shown it', async () => {
    const { roomId, one, other } = await buildDirect(shop);
    for (const text of ['One', 'Two']) await say(shop, one, roomId, text);
    await read(other, roomId, 1);
    await shop.run((transaction) => blockPerson(transaction, other, { accountId: one.accountId }));
    expect(await read(other, roomId, 2)).toEqual({ lastReadSeq: 2 });

    const told = async () => (await eventsOf(roomId)).filter(({ type }) => type === 'member.read').length;
    const shown = async (reader: ChatActor, of: ChatActor) =>
      (await readMembers(manager(), reader, roomId)).find(({ accountId }) => accountId === of.accountId)!
        .lastReadSeq;
    expect(await told()).toBe(1);
    expect(await shown(one, other)).toBe(0);
    expect(await shown(other, one)).toBe(0);
    expect(await shown(other, other)).toBe(2);

    await shop.run((transaction) => unblockPerson(transaction, other, { accountId: one.accountId }));
    expect(await shown(one, other)).toBe(2);
    await say(shop, one, roomId, 'Three');
    await read(other, roomId, 3);
    expect(await told()).toBe(2);
  });

  test('in a large room nobody is told, and the pointer is in the list of members', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    for (let n = 0; n < 8; n += 1) {
      const { accountId } = await buildPerson(shop);
      await shop.run((transaction) => inviteMember(transaction, owner, { roomId, accountId }));
    }
    await say(shop, owner, roomId, 'One');
    await read(member, roomId, 1);
    expect((await eventsOf(roomId)).filter(({ type }) => type === 'member.read')).toEqual([]);
    const members = await readMembers(manager(), owner, roomId);
    expect(members.find(({ accountId }) => accountId === member.accountId)!.lastReadSeq).toBe(1);
  });
});

describe('lists', () => {
  test('rooms are listed by what was last written, page by page, each with its last message', async () => {
    const person = await buildPerson(shop);
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const roomId = newId();
      await shop.run((transaction) =>
        openGroup(transaction, person, { roomId, title: `Room ${n}`, history: 'all' }),
      );
      made.unshift(roomId);
    }
    await say(shop, person, made[3]!, 'Up');
    const expected = [made[3]!, made[0]!, made[1]!, made[2]!, made[4]!];
    const found: string[] = [];
    let after: { key: number; id: string } | undefined;
    do {
      const page = await readRooms(manager(), person, { after, limit: 2 });
      found.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      after = last && { key: last.activeAt.getTime(), id: last.id };
    } while (after);
    expect(found).toEqual(expected);
    const [first] = await readRooms(manager(), person, { limit: 1 });
    expect(first).toMatchObject({
      title: 'Room 1',
      lastMessage: { seq: 1, excerpt: 'Up', isDeleted: false },
    });
  });

  test('a history is read in both directions', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    for (let n = 1; n <= 7; n += 1) await say(shop, owner, roomId, `${n}`);
    const page = async (part: { before?: number; after?: number }) => {
      const { items, before, after } = await readMessages(manager(), member, { roomId, limit: 3, ...part });
      return [items.map(({ seq }) => seq), before, after];
    };
    expect(await page({})).toEqual([[5, 6, 7], 5, null]);
    expect(await page({ before: 5 })).toEqual([[2, 3, 4], 2, 4]);
    expect(await page({ before: 2 })).toEqual([[1], null, 1]);
    expect(await page({ after: 0 })).toEqual([[1, 2, 3], null, 3]);
    expect(await page({ after: 4 })).toEqual([[5, 6, 7], 5, null]);
    expect(await page({ after: 7 })).toEqual([[], 8, null]);
  });

  test('a search finds Persian however it was typed, in one’s own rooms only', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await say(shop, owner, roomId, 'كتاب‌هاي نو رسيد، ۱۲ جلد');
    await say(shop, owner, roomId, 'Books 100%');
    const search = async (reader: ChatActor, typed: string) =>
      (await searchMessages(manager(), reader, { typed, roomId, limit: 5 })).map(({ seq }) => seq);
    expect(await search(member, 'کتاب')).toEqual([1]);
    expect(await search(member, '12 کتابهای')).toEqual([]);
    expect(await search(member, 'کتاب 12')).toEqual([1]);
    expect(await search(member, 'book')).toEqual([2]);
    expect(await search(member, '%%')).toEqual([]);
    expect(await search(member, 'ک')).toEqual([]);
    expect(await search(await buildPerson(shop), 'کتاب')).toEqual([]);
  });
});

describe('reports', () => {
  test('staff see the message, once for each who reports, and resolve all of them together', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    const { seq } = await say(shop, member, roomId, 'Send me your card number');
    const report = (actor: ChatActor) =>
      shop.run((transaction) =>
        reportMessage(transaction, actor, { roomId, seq, reason: 'fraud', note: 'Look' }),
      );
    await report(owner);
    await report(owner);
    await report(moderator);
    expect(await codeOf(report(member))).toBe('chat.not_permitted');
    const open = async () =>
      (await readOpenReports(manager(), { after: null, limit: 100 })).filter((it) => it.roomId === roomId);
    const [first, second, ...rest] = await open();
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ text: 'Send me your card number', reason: 'fraud', note: 'Look' });
    const resolve = (reportId: string) =>
      shop.run((transaction) =>
        resolveReport(transaction, staff, { reportId, resolution: 'message_deleted' }),
      );
    expect(await resolve(first!.id)).toMatchObject({ text: '', resolvedBy: staff.accountId });
    expect(await open()).toEqual([]);
    expect(await codeOf(resolve(second!.id))).toBe('chat.report_resolved');
    expect(await codeOf(resolve(newId()))).toBe('chat.report_not_found');
    expect(await textsOf(owner, roomId)).toEqual(['']);
  });

  test('the room of a report can be archived', async () => {
    const { roomId, one, other } = await buildDirect(shop);
    const { seq } = await say(shop, one, roomId, 'Threat');
    await shop.run((transaction) =>
      reportMessage(transaction, other, { roomId, seq, reason: 'abuse', note: '' }),
    );
    const reports = await readOpenReports(manager(), { after: null, limit: 100 });
    const reportId = reports.find((it) => it.roomId === roomId)!.id;
    await shop.run((transaction) =>
      resolveReport(transaction, staff, { reportId, resolution: 'room_archived' }),
    );
    expect(await codeOf(say(shop, one, roomId, 'More'))).toBe('chat.room_archived');
  });
});

describe('a person who is erased', () => {
  test('leaves no text, no name, and every room, and an export shows what they wrote', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const direct = await shop.run((transaction) =>
      openDirectRoom(transaction, owner, { accountId: member.accountId }),
    );
    const { accountId } = owner;
    await shop.run((transaction) => changeProfile(transaction, { accountId, name: 'Ziba' }));
    await say(shop, owner, roomId, 'I live in Shiraz');
    await say(shop, member, roomId, 'Nice', { replyToSeq: 1 });
    await say(shop, owner, direct.roomId, 'Secret');
    expect((await readMessages(manager(), member, { roomId, limit: 5 })).items[0]!.senderName).toBe('Ziba');
    const { messages, roomMembers } = await shop.run((transaction) => exportAccount(transaction, accountId));
    expect(messages!.map((it) => it['text'])).toEqual(['Secret', 'I live in Shiraz']);
    expect(roomMembers).toHaveLength(2);

    await shop.run((transaction) => eraseAccount(transaction, accountId));

    const { items } = await readMessages(manager(), member, { roomId, limit: 5 });
    expect(items.map(({ text, senderName, replyToSeq }) => [text, senderName, replyToSeq])).toEqual([
      ['', null, null],
      ['Nice', null, 1],
    ]);
    expect((await eventsOf(roomId)).slice(-2)).toMatchObject([
      { type: 'member.left', payload: { accountId, reason: 'erased' } },
      { type: 'member.role', payload: { role: 'owner' } },
    ]);
    expect(await codeOf(say(shop, member, direct.roomId, 'Still there?'))).toBe('chat.room_archived');
    expect(await codeOf(say(shop, owner, roomId, 'Back'))).toBe('chat.room_not_found');
  });

  test('is told to the rooms that they had left, if something of theirs is there', async () => {
    const [spoken, silent] = [await buildGroup(shop), await buildGroup(shop)];
    const { accountId } = spoken.member;
    await say(shop, spoken.member, spoken.roomId, 'My number is 1');
    await shop.run((transaction) =>
      inviteMember(transaction, silent.owner, { roomId: silent.roomId, accountId }),
    );
    for (const { roomId } of [spoken, silent])
      await shop.run((transaction) => leaveRoom(transaction, spoken.member, { roomId }));
    await shop.run((transaction) => eraseAccount(transaction, accountId));
    const last = async (roomId: string) => (await eventsOf(roomId)).at(-1);
    expect(await last(spoken.roomId)).toEqual({
      ...{ type: 'member.left', payload: { accountId, reason: 'erased' } },
    });
    expect(await last(silent.roomId)).toEqual({
      ...{ type: 'member.left', payload: { accountId, reason: 'left' } },
    });
  });

  test('whoever sends at this moment comes before the erasure, which blanks it, or after it', async () => {
    const { roomId, member } = await buildGroup(shop);
    const sending = (transaction: Transaction) =>
      sendMessage(transaction, member, { roomId, clientId: newId(), text: 'Last words' });
    const erasing = (transaction: Transaction) => eraseAccount(transaction, member.accountId);
    const first = await interleave(shop, sending, erasing);
    expect(first).toMatchObject({ waited: true, second: { status: 'fulfilled' } });
    const next = await buildGroup(shop);
    const second = await interleave(
      shop,
      (transaction) => eraseAccount(transaction, next.member.accountId),
      (transaction) =>
        sendMessage(transaction, next.member, { roomId: next.roomId, clientId: newId(), text: 'Late' }),
    );
    expect(second).toMatchObject({
      waited: true,
      second: { status: 'rejected', reason: { code: 'chat.room_not_found' } },
    });
  });
});
