import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { ChatActor } from '../../entities/chat/room-access';
import { eraseAccount } from '../../entities/customers/erase-account';
import { readEvents } from '../../entities/events/read-events';
import type { Transaction } from '../../entities/sql';
import { blockAccount } from '../../entities/staff/block-account';
import { grantRole } from '../../entities/staff/grant-role';
import { takeRoles } from '../../entities/staff/take-roles';
import { answerAsCustomer, answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import {
  fillCannedAnswer,
  keepCannedAnswer,
  readCannedAnswers,
  removeCannedAnswer,
} from '../../entities/support/canned-answers';
import { changeTicketCategory } from '../../entities/support/change-category';
import { limitsOfAnswer } from '../../entities/support/follow-ticket';
import { handOutTicket, takeNextTicket } from '../../entities/support/hand-out-tickets';
import { openTicket, type NewTicket } from '../../entities/support/open-ticket';
import { rateTicket, resolveOwnTicket } from '../../entities/support/own-ticket';
import {
  blockWithTickets,
  putBackTickets,
  takeRolesWithTickets,
} from '../../entities/support/put-back-tickets';
import { readTicketMessages } from '../../entities/support/read-messages';
import { readQueue } from '../../entities/support/read-queue';
import { readOwnTicket, readOwnTickets } from '../../entities/support/read-tickets';
import { sayAway, sayReady } from '../../entities/support/readiness';
import { assignTicket, changeTicketPriority } from '../../entities/support/steer-ticket';
import { OPEN_TICKETS_AT_MOST, SUPPORT_LIMITS } from '../../entities/support/support-limits';
import { TICKET, TICKET_STAFF } from '../../entities/support/support.events';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildAgent, buildPerson } from '../support/factories/chat';
import { buildTicket } from '../support/factories/tickets';
import { interleave } from '../support/interleave';
import { codeOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows as sqlRows } from '../support/sql';
import { at, ticketWork } from '../support/ticket-work';

let shop: ShopDatabase;
let agent: ChatActor;
let other: ChatActor;
beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 12 });
  agent = await buildAgent(shop, 'support');
  other = await buildAgent(shop, 'staff');
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const SATURDAY = at('2026-11-28', 9);
const manager = () => shop.database.manager;
/** Whether an answer of somebody counts as a ticket that they open. */
const wouldOpen = async (senderId: string, ticketId: string) =>
  (await limitsOfAnswer(manager(), { ticketId, senderId, clientId: newId() })).includes(SUPPORT_LIMITS.open);
const { answer, ask, move, judge, deskOf, statusOf, clockOf, typesOf, ...work } = ticketWork(() => ({
  shop,
  agent,
}));
const close = (ticketId: string, now = SATURDAY) => work.close(ticketId, now);

describe('a conversation', () => {
  test('goes along the table, and the customer sees no note, no clock and nobody of the staff', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    await shop.run((transaction) =>
      noteOnTicket(transaction, agent, { ticketId: id, clientId: newId(), text: 'Rude?', now: SATURDAY }),
    );
    expect(await statusOf(id)).toBe('open');
    await answer(id, at('2026-11-28', 10));
    expect(await statusOf(id)).toBe('pending_customer');
    await ask(customer, id, at('2026-11-28', 11));
    expect(await statusOf(id)).toBe('in_progress');
    await answer(id, at('2026-11-28', 12), 'resolved');

    expect(await readOwnTicket(manager(), customer.accountId, id)).toMatchObject({
      number: expect.stringMatching(/^TK\d{8}$/),
      status: 'resolved',
      lastSeq: 4,
    });
    const part = { ticketId: id, after: 0, limit: 10 } as const;
    const answers = await readTicketMessages(manager(), { ...part, kind: 'answer' });
    expect(answers.map(({ seq, isFromCustomer }) => [seq, isFromCustomer])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, false],
    ]);
    const seen = JSON.stringify(await readEvents(manager(), TICKET, id, 0, 100));
    expect(seen).not.toContain(agent.accountId);
    expect(await typesOf(TICKET, id)).toEqual([
      'ticket.opened',
      'ticket.answered',
      'ticket.answered',
      'ticket.status_changed',
      'ticket.status_changed',
      'ticket.answered',
      'ticket.status_changed',
      'ticket.answered',
      'ticket.status_changed',
    ]);
    expect(await typesOf(TICKET_STAFF, id)).toEqual(['ticket_staff.opened', 'ticket_staff.noted']);
    for (const aggregate of [TICKET, TICKET_STAFF]) {
      const events = JSON.stringify(await readEvents(manager(), aggregate, id, 0, 100));
      for (const text of ['Where is it', 'A question', 'Rude', 'Here it is'])
        expect(events).not.toContain(text);
    }
  });

  test('its events say who did it, and whether a question is the first that waits', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    await ask(customer, id, at('2026-11-28', 10));
    await answer(id, at('2026-11-28', 11));
    await ask(customer, id, at('2026-11-28', 12));
    await ask(customer, id, at('2026-11-28', 13));
    await shop.run((transaction) =>
      resolveOwnTicket(transaction, customer, { ticketId: id, now: at('2026-11-28', 14) }),
    );
    await judge(id, at('2026-12-06', 9));
    const events = await readEvents(manager(), TICKET, id, 0, 100);
    expect(events.filter(({ type }) => type === 'ticket.answered').map(({ payload }) => payload)).toEqual([
      { seq: 1, by: 'customer', asks: true },
      { seq: 2, by: 'customer', asks: false },
      { seq: 3, by: 'shop' },
      { seq: 4, by: 'customer', asks: true },
      { seq: 5, by: 'customer', asks: false },
    ]);
    expect(
      events.filter(({ type }) => type === 'ticket.status_changed').map(({ payload }) => payload),
    ).toEqual([
      { from: 'open', to: 'in_progress', by: 'shop' },
      { from: 'in_progress', to: 'pending_customer', by: 'shop' },
      { from: 'pending_customer', to: 'in_progress', by: 'customer' },
      { from: 'in_progress', to: 'resolved', by: 'customer' },
      { from: 'resolved', to: 'closed' },
    ]);
  });

  test('an answer that crosses a question does not count as an answer to it', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    await answer(id, at('2026-11-28', 10), 'resolved');
    await ask(customer, id, at('2026-11-28', 11));
    const answerSeen = (seen: number, hour: number) =>
      shop.run((transaction) =>
        answerAsStaff(transaction, agent, {
          ...{ ticketId: id, clientId: newId(), text: 'Closed then', seen },
          ...{ status: 'resolved', now: at('2026-11-28', hour) },
        }),
      );
    expect(await answerSeen(2, 12)).toMatchObject({ seq: 4, isNew: true });
    expect(await statusOf(id)).toBe('in_progress');
    expect(await clockOf(id, 'next_response')).toMatchObject({ round: 1, metAt: null });
    // What colleagues have written since is no question.
    await answerSeen(3, 13);
    expect(await statusOf(id)).toBe('resolved');
    expect((await clockOf(id, 'next_response')).metAt).not.toBeNull();
  });

  test('a client id writes once, also at once, and with another text it is refused', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const clientId = newId();
    const asked = await Promise.all(
      Array.from({ length: 4 }, () => ask(customer, id, at('2026-11-28', 10), clientId)),
    );
    expect(asked.map(({ seq }) => seq)).toEqual([2, 2, 2, 2]);
    expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await deskOf(id)).lastSeq).toBe(2);
    const changed = shop.run((transaction) =>
      answerAsCustomer(transaction, customer, { ticketId: id, clientId, text: 'Else', now: SATURDAY }),
    );
    expect(await codeOf(changed)).toBe('ticket.client_id_reused');
  });

  test('an answer after the end opens one ticket that follows it, whatever is repeated', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    await shop.run((transaction) => resolveOwnTicket(transaction, customer, { ticketId: id, now: SATURDAY }));
    await move(id, 'closed', SATURDAY);
    const clientId = newId();
    const first = await ask(customer, id, SATURDAY, clientId);
    expect(first).toMatchObject({ isNew: true, seq: 1 });
    expect(await ask(customer, id, SATURDAY, clientId)).toEqual({ ...first, isNew: false });
    expect(await ask(customer, id, SATURDAY)).toMatchObject({ ticketId: first.ticketId, seq: 2 });
    expect(await deskOf(first.ticketId)).toMatchObject({
      followsId: id,
      status: 'open',
      subject: 'A question',
    });
    expect(await codeOf(answer(id, SATURDAY))).toBe('ticket.closed');
    expect(await codeOf(move(id, 'in_progress', SATURDAY))).toBe('ticket.transition');
  });

  test('an answer after the end counts as a ticket that is opened, and begins with the first priority', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const priority = { ticketId: id, priority: 'urgent', now: SATURDAY } as const;
    await shop.run((transaction) => changeTicketPriority(transaction, agent, priority));
    await close(id);
    for (let count = 0; count < OPEN_TICKETS_AT_MOST; count += 1)
      await buildTicket(shop, customer, { now: SATURDAY });
    expect(await wouldOpen(customer.accountId, id)).toBe(true);
    expect(await codeOf(ask(customer, id, SATURDAY))).toBe('ticket.too_many_open');
    const [newest] = await readOwnTickets(manager(), customer.accountId, { limit: 1 });
    await close(newest!.id);
    const { ticketId } = await ask(customer, id, SATURDAY);
    expect(await deskOf(ticketId)).toMatchObject({ priority: 'medium', followsId: id });
    expect(await wouldOpen(customer.accountId, id)).toBe(false);
    expect(await wouldOpen(agent.accountId, newest!.id)).toBe(false);
  });

  test('answers at once on a closed ticket and on the closed one that follows it open one ticket', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    await close(id);
    const { ticketId: second } = await ask(customer, id, SATURDAY);
    await close(second);
    const ends = await Promise.all([id, second, id, second].map((it) => ask(customer, it, SATURDAY)));
    expect(new Set(ends.map(({ ticketId }) => ticketId)).size).toBe(1);
    expect(ends.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    expect((await deskOf(ends[0]!.ticketId)).followsId).toBe(second);
  });

  test('whoever reopens a resolved ticket finds it back in the queue', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const assignment = { ticketId: id, assigneeId: agent.accountId, expected: null };
    await shop.run((transaction) => assignTicket(transaction, agent, assignment));
    expect(await wouldOpen(customer.accountId, id)).toBe(false);
    await answer(id, SATURDAY, 'resolved');
    expect(await wouldOpen(customer.accountId, id)).toBe(true);
    await ask(customer, id, at('2026-11-28', 12));
    expect(await deskOf(id)).toMatchObject({ status: 'in_progress', assigneeId: null });
  });

  test('strangers reach nothing, and a customer has a bounded number of tickets', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const stranger = await buildPerson(shop);
    const rate = { ticketId: id, score: 1, now: SATURDAY };
    const works = [
      ask(stranger, id, SATURDAY),
      shop.run((transaction) => resolveOwnTicket(transaction, stranger, { ticketId: id, now: SATURDAY })),
      shop.run((transaction) => rateTicket(transaction, stranger, rate)),
      readOwnTicket(manager(), stranger.accountId, id),
    ];
    expect(await Promise.all(works.map(codeOf))).toEqual(works.map(() => 'ticket.not_found'));
    const open = () => buildTicket(shop, customer, { now: SATURDAY });
    for (let count = 1; count < OPEN_TICKETS_AT_MOST; count += 1) await open();
    expect(await codeOf(open())).toBe('ticket.too_many_open');
    const repeat = (text: string, more: Partial<NewTicket> = {}) =>
      shop.run((transaction) =>
        openTicket(transaction, customer, {
          ...{ ticketId: id, category: 'general', subject: 'A question', text, now: SATURDAY },
          ...more,
        }),
      );
    expect(await repeat('Where is it?')).toBe(false);
    expect(await codeOf(repeat('B'))).toBe('ticket.client_id_reused');
    expect(await codeOf(repeat('Where is it?', { subject: 'Else' }))).toBe('ticket.client_id_reused');
    expect(await codeOf(repeat('Where is it?', { category: 'billing' }))).toBe('ticket.client_id_reused');
    const newest = await readOwnTickets(manager(), customer.accountId, { limit: 2 });
    const next = { before: newest[1]!.id, limit: 50 };
    expect(await readOwnTickets(manager(), customer.accountId, next)).toHaveLength(OPEN_TICKETS_AT_MOST - 2);
  });
});

describe('staff', () => {
  /** As it was before their tickets were put back: what the operations of staff do alone. */
  const takeRolesOf = async (accountId: string) => {
    const admin = await buildAgent(shop, 'admin');
    await shop.run((transaction) => takeRoles(transaction, admin, { accountId, role: null }));
  };
  const block = async (accountId: string) => {
    const admin = await buildAgent(shop, 'admin');
    await shop.run((transaction) => blockAccount(transaction, admin, accountId));
  };

  test('of two who take a ticket at once, one gets it', async () => {
    const { id } = await buildTicket(shop, undefined, { category: 'billing' });
    const take = (actor: ChatActor) =>
      shop.run((transaction) =>
        assignTicket(transaction, actor, { ticketId: id, assigneeId: actor.accountId, expected: null }),
      );
    const ends = await Promise.allSettled([take(agent), take(other)]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { assigneeId } = await deskOf(id);
    expect([agent.accountId, other.accountId]).toContain(assigneeId);
    const part = { unassigned: true, limit: 50, readerId: agent.accountId };
    expect((await readQueue(manager(), part)).map((it) => it.id)).not.toContain(id);
    const own = { ...part, unassigned: false, assigneeId: assigneeId!, team: 'billing' } as const;
    expect((await readQueue(manager(), own)).map((it) => it.id)).toContain(id);
    expect(await readQueue(manager(), { ...own, team: 'technical' })).toEqual([]);
  });

  test.each(['one role of two', 'the last role', 'all roles', 'a block'] as const)(
    'whoever loses %s has the tickets that this leaves to them',
    async (loss) => {
      const leaver = await buildAgent(shop, 'support');
      const [held, resolved, closed] = [
        await buildTicket(shop),
        await buildTicket(shop),
        await buildTicket(shop),
      ];
      for (const { id } of [held, resolved, closed]) {
        const assignment = { ticketId: id, assigneeId: leaver.accountId, expected: null };
        await shop.run((transaction) => assignTicket(transaction, agent, assignment));
      }
      await move(resolved.id, 'resolved', new Date());
      await close(closed.id, new Date());
      const admin = { ...(await buildAgent(shop, 'admin')) };
      if (loss === 'one role of two')
        await shop.run((transaction) =>
          grantRole(transaction, admin, { accountId: leaver.accountId, role: 'staff' }),
        );
      const lost = loss === 'all roles' || loss === 'a block' ? null : 'support';
      await shop.run((transaction) =>
        loss === 'a block'
          ? blockWithTickets(transaction, admin, leaver.accountId)
          : takeRolesWithTickets(transaction, admin, { accountId: leaver.accountId, role: lost }),
      );
      const kept = loss === 'one role of two' ? leaver.accountId : null;
      expect((await deskOf(held.id)).assigneeId).toBe(kept);
      expect((await deskOf(resolved.id)).assigneeId).toBe(kept);
      expect((await deskOf(closed.id)).assigneeId).toBe(leaver.accountId);
      const told = (await typesOf(TICKET_STAFF, held.id)).filter((type) => type === 'ticket_staff.assigned');
      expect(told).toHaveLength(kept === null ? 2 : 1);
    },
  );

  test('whoever leaves with many tickets costs no more statements than with few', async () => {
    const leaveWith = async (count: number) => {
      const leaver = await buildAgent(shop, 'support');
      const held = await Promise.all(Array.from({ length: count }, () => buildTicket(shop)));
      await sqlRows(manager(), 'UPDATE ticket_desks SET assignee_id = $1 WHERE id = ANY($2)', [
        leaver.accountId,
        held.map(({ id }) => id),
      ]);
      const { statements } = await countStatements(shop.database, () =>
        shop.run((transaction) => putBackTickets(transaction, { accountId: leaver.accountId, lost: null })),
      );
      for (const { id } of held) {
        expect((await deskOf(id)).assigneeId).toBeNull();
        expect((await typesOf(TICKET_STAFF, id)).at(-1)).toBe('ticket_staff.assigned');
      }
      return statements.length;
    };
    expect(await leaveWith(15)).toBe(await leaveWith(2));
  });

  test.each([
    ['lost the role', (accountId: string) => takeRolesOf(accountId)],
    ['was blocked', (accountId: string) => block(accountId)],
  ])('what somebody still has who %s long ago is handed out when it is looked at', async (_, leave) => {
    const [leaver, colleague] = [await buildAgent(shop, 'support'), await buildAgent(shop, 'support')];
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const assign = (assigneeId: string) =>
      shop.run((transaction) =>
        assignTicket(transaction, agent, { ticketId: id, assigneeId, expected: null }),
      );
    const handOut = () => shop.run((transaction) => handOutTicket(transaction, { ticketId: id }));
    await assign(leaver.accountId);
    await answer(id, SATURDAY);
    await leave(leaver.accountId);
    // While it waits for its customer, there is nothing to do on it.
    expect(await handOut()).toBeNull();
    expect((await deskOf(id)).assigneeId).toBe(leaver.accountId);
    await ask(customer, id, SATURDAY);
    expect(await handOut()).toBeNull();
    expect((await deskOf(id)).assigneeId).toBeNull();
    await assign(colleague.accountId);
    expect(await handOut()).toBeNull();
    expect((await deskOf(id)).assigneeId).toBe(colleague.accountId);
  });

  test('a ticket is assigned before its person loses the role and put back by that, or refused after it', async () => {
    const leaver = await buildAgent(shop, 'support');
    const admin = await buildAgent(shop, 'admin');
    const { accountId } = leaver;
    const [before, after] = [await buildTicket(shop), await buildTicket(shop)];
    const assign = (ticketId: string) => (transaction: Transaction) =>
      assignTicket(transaction, agent, { ticketId, assigneeId: accountId, expected: null });
    const dismiss = (transaction: Transaction) =>
      takeRolesWithTickets(transaction, admin, { accountId, role: null });
    const first = await interleave(shop, assign(before.id), (transaction) =>
      putBackTickets(transaction, { accountId, lost: null }),
    );
    expect([first.waited, first.second.status]).toEqual([true, 'fulfilled']);
    expect((await deskOf(before.id)).assigneeId).toBeNull();
    const second = await interleave(shop, dismiss, assign(after.id));
    expect(second).toMatchObject({ waited: true, second: { reason: { code: 'ticket.assignee_unfit' } } });
  });

  test('whoever takes a ticket that was just taken by hand gets the next one, and a heartbeat is told', async () => {
    const taker = await buildAgent(shop, 'support');
    const category = 'feature_request';
    const [first, second, third] = [
      await buildTicket(shop, undefined, { category, now: SATURDAY }),
      await buildTicket(shop, undefined, { category, now: at('2026-11-28', 10) }),
      await buildTicket(shop, undefined, { category, now: at('2026-11-28', 11) }),
    ];
    const byHand = (transaction: Transaction) =>
      assignTicket(transaction, agent, { ticketId: first.id, assigneeId: agent.accountId, expected: null });
    const taken = await interleave(shop, byHand, (transaction) =>
      takeNextTicket(transaction, taker, { teams: ['technical'] }),
    );
    expect(taken).toMatchObject({ waited: true, second: { value: second.id } });
    const ready = await shop.run((transaction) =>
      sayReady(transaction, taker, { teams: ['technical'], most: 5 }),
    );
    expect(ready.ticketId).toBe(third.id);
    const assignedBy = async (ticketId: string) =>
      (await readEvents(manager(), TICKET_STAFF, ticketId, 0, 100)).find(
        ({ type }) => type === 'ticket_staff.assigned',
      )!.payload;
    expect([await assignedBy(second.id), await assignedBy(third.id)]).toMatchObject([
      { isOwn: true, isHandedOut: false },
      { isOwn: false, isHandedOut: true },
    ]);
    await shop.run((transaction) => sayAway(transaction, taker));
  });

  test('somebody who is erased is ready no longer', async () => {
    const person = await buildPerson(shop);
    const { second, waited } = await interleave(
      shop,
      (transaction) => eraseAccount(transaction, person.accountId),
      (transaction) => sayReady(transaction, person, { teams: ['billing'], most: 5 }),
    );
    expect(waited).toBe(true);
    expect(second).toMatchObject({ reason: { code: 'auth.session_over' } });
  });

  test('nobody works on their own ticket, or gets it from others', async () => {
    const { id } = await buildTicket(shop, agent, { now: SATURDAY });
    const onTicket = { ticketId: id, now: SATURDAY };
    const note = { ...onTicket, clientId: newId(), text: 'First of all' };
    const assignment = { ticketId: id, assigneeId: agent.accountId, expected: null };
    const works = [
      answer(id, SATURDAY),
      move(id, 'resolved', SATURDAY),
      shop.run((transaction) => noteOnTicket(transaction, agent, note)),
      shop.run((transaction) => assignTicket(transaction, agent, assignment)),
      shop.run((transaction) =>
        changeTicketPriority(transaction, agent, { ...onTicket, priority: 'urgent' }),
      ),
      shop.run((transaction) =>
        changeTicketCategory(transaction, agent, { ticketId: id, category: 'billing' }),
      ),
    ];
    expect(await Promise.all(works.map(codeOf))).toEqual(works.map(() => 'ticket.own'));
    const given = shop.run((transaction) => assignTicket(transaction, other, assignment));
    expect(await codeOf(given)).toBe('ticket.assignee_unfit');
  });

  test('a customer answers no tickets of others', async () => {
    const { id, customer } = await buildTicket(shop);
    const assignment = { ticketId: id, assigneeId: customer.accountId, expected: null };
    const assigned = shop.run((transaction) => assignTicket(transaction, agent, assignment));
    expect(await codeOf(assigned)).toBe('ticket.assignee_unfit');
  });

  test('a resolution is rated once, the next one again', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const rate = (score: number) =>
      shop.run((transaction) => rateTicket(transaction, customer, { ticketId: id, score, now: SATURDAY }));
    expect(await codeOf(rate(5))).toBe('ticket.not_resolved');
    await answer(id, SATURDAY, 'resolved');
    await rate(2);
    await rate(2);
    expect(await codeOf(rate(5))).toBe('ticket.rated_already');
    await ask(customer, id, SATURDAY);
    await answer(id, SATURDAY, 'resolved');
    await rate(5);
    expect((await readOwnTicket(manager(), customer.accountId, id)).rating).toBe(5);
    expect((await typesOf(TICKET, id)).filter((type) => type === 'ticket.rated')).toHaveLength(2);
  });

  test('a canned answer has its declared variables in both languages, and no value is a template', async () => {
    const canned = {
      team: 'billing',
      code: 'refund-sent',
      textFa: 'سفارش {order}',
      textEn: 'Order {order} for {name}',
    } as const;
    const keep = (variables: string[], textFa = 'سفارش {order} برای {name}', seen = 0) =>
      shop.run((transaction) => keepCannedAnswer(transaction, other, { ...canned, textFa, variables, seen }));
    expect(await codeOf(keep(['order']))).toBe('canned_answer.variables');
    expect(await codeOf(keep(['name', 'order'], canned.textFa))).toBe('canned_answer.variables');
    await keep(['order', 'name']);
    expect(await keep(['name', 'order'], undefined, 1)).toMatchObject({ version: 2 });
    const choice = { team: 'billing', code: 'refund-sent', language: 'en' } as const;
    const fill = (values: Record<string, string>) => fillCannedAnswer(manager(), { ...choice, values });
    expect(await fill({ order: '{name}', name: '$&' })).toBe('Order {name} for $&');
    expect(await codeOf(fill({ order: '1' }))).toBe('canned_answer.variables');
    const remove = (seen: number) =>
      shop.run((transaction) => removeCannedAnswer(transaction, other, { ...canned, seen }));
    await remove(2);
    expect(await readCannedAnswers(manager(), 'billing')).toEqual([]);
    expect(await codeOf(fill({ order: '1', name: 'a' }))).toBe('canned_answer.not_found');
    // Whoever has seen the one that was removed changes nothing of one with the same code.
    const { version } = await keep(['name', 'order']);
    for (const seen of [1, 2]) {
      expect(await codeOf(keep(['name', 'order'], undefined, seen))).toBe('canned_answer.changed');
      expect(await codeOf(remove(seen))).toBe('canned_answer.changed');
    }
    await remove(version);
  });
});

describe('an erasure', () => {
  const note =
    (ticketId: string, clientId = newId()) =>
    (transaction: Transaction) =>
      noteOnTicket(transaction, agent, { ticketId, clientId, text: 'Called them', now: SATURDAY });
  const erase = (accountId: string) => (transaction: Transaction) => eraseAccount(transaction, accountId);

  test.each(['open', 'closed'] as const)(
    'waits for a note on an %s ticket, and blanks it',
    async (status) => {
      const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
      if (status === 'closed') await close(id);
      const { second, waited } = await interleave(shop, note(id), erase(customer.accountId));
      expect([second.status, waited]).toEqual(['fulfilled', true]);
      const [kept] = await readTicketMessages(manager(), { ticketId: id, kind: 'note', after: 0, limit: 1 });
      expect(kept!.text).toBe('');
    },
  );

  test('lets nobody write afterwards, and a repetition finds what it wrote', async () => {
    const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
    const clientId = newId();
    await shop.run(note(id, clientId));
    const { second, waited } = await interleave(shop, erase(customer.accountId), note(id));
    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'ticket.closed' } });
    expect(await codeOf(answer(id, SATURDAY))).toBe('ticket.closed');
    expect(await shop.run(note(id, clientId))).toMatchObject({ seq: 1, isNew: false });
  });
});
