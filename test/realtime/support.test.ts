import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ChatActor } from '../../entities/chat/room-access';
import type { JournalEvent } from '../../entities/events/read-journal';
import { takeRoles } from '../../entities/staff/take-roles';
import { answerAsCustomer, answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import type { CannedAnswerView } from '../../entities/support/canned-answer.view';
import { closeAllTickets } from '../../entities/support/close-all-tickets';
import { judgeTicket } from '../../entities/support/judge-ticket';
import { resolveOwnTicket } from '../../entities/support/own-ticket';
import { readOwnTickets } from '../../entities/support/read-tickets';
import { changeTicketPriority } from '../../entities/support/steer-ticket';
import { SUPPORT_LIMITS } from '../../entities/support/support-limits';
import { TEAMS } from '../../entities/support/ticket';
import type { DeskTicketView, TicketMessageView, TicketView } from '../../entities/support/ticket.view';
import { newId } from '../../entities/values/uuid';
import { createRateLimiter } from '../../platform/rate-limit';
import { countStatements } from '../../platform/statement-count';
import { createLiveClient } from '../../realtime/client/client';
import type { LiveEvent } from '../../realtime/event-maps';
import type { SubscribedView } from '../../realtime/subscribe-to';
import { FOLLOW_TICKET_STAFF, FOLLOW_TICKETS } from '../../realtime/support/support-rooms';
import type { SUPPORT } from '../../realtime/support/support.namespace';
import type { LiveQueueView } from '../../realtime/support/support.view';
import { eventually } from '../support/eventually';
import { buildAgent, buildPerson } from '../support/factories/chat';
import { notificationTools } from '../support/factories/notifications';
import { buildAdmin } from '../support/factories/staff';
import { buildTicket } from '../support/factories/tickets';
import { SILENT } from '../support/journal';
import { liveToken, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import type { ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openSupportDesk, type SupportDesk } from '../support/support-desk';
import { codeOf } from './chat-callers';

let desk: SupportDesk;
let shop: ShopDatabase;
let one: OpenRealtime;
let other: OpenRealtime;
let enter: SupportDesk['enter'];
let ask: SupportDesk['ask'];
let documented: SupportDesk['documented'];
let deskOf: SupportDesk['deskOf'];
let handOut: SupportDesk['handOut'];
let clearQueue: SupportDesk['clearQueue'];

beforeAll(async () => {
  desk = await openSupportDesk();
  ({ shop, one, other, enter, ask, documented, deskOf, handOut, clearQueue } = desk);
});
afterAll(() => desk.close());

type TicketEvent = LiveEvent & {
  readonly payload: Readonly<Record<string, unknown>> & { readonly message?: TicketMessageView | null };
};

const eventsOf = (client: LiveClient, ticketId: string) =>
  client.events.filter(({ id }) => id === ticketId) as TicketEvent[];

/** Waits until a client has got an event of this type about the ticket. */
const gets = (client: LiveClient, ticketId: string, type: string, count = 1) =>
  eventually(
    () => eventsOf(client, ticketId).filter((event) => event.type === type),
    ({ length }) => length >= count,
  );

/** Uses a limit of somebody up, but for so many times. */
async function spend(
  { accountId }: ChatActor,
  { name, ...limit }: (typeof SUPPORT_LIMITS)[keyof typeof SUPPORT_LIMITS],
  left = 0,
): Promise<void> {
  const limiter = createRateLimiter(desk.redis, SILENT);
  for (let count = left; count < limit.limit; count += 1) await limiter.consume(name, accountId, limit);
}

describe('a journey', () => {
  test('a customer opens by a request, an agent sees it, answers from a canned answer, and both see all of it live', async () => {
    const [customer, agent, lead] = [
      await buildPerson(shop),
      await buildAgent(shop, 'support'),
      await buildAgent(shop, 'staff'),
    ];
    const canned = {
      textFa: 'مبلغ سفارش {order} برگشت داده شد.',
      textEn: 'The amount of order {order} was returned.',
      variables: ['order'],
    };
    const none = { 'If-Match': '"0"' };
    const kept = await ask(lead, 'PUT', '/canned-answers/billing/refund-sent', canned, newId(), none);
    expect(kept.status).toBe(200);
    const desk = await enter(agent);
    await desk.get('queue', { team: 'billing' });

    const wanted = { category: 'billing', subject: 'دو بار کم شد', text: 'پولم دو بار کم شد' };
    const key = newId();
    const opened = await ask<TicketView>(customer, 'POST', '/tickets', wanted, key);
    expect(opened).toMatchObject({ status: 201, body: { status: 'open', lastSeq: 1 } });
    const ticketId = opened.body.id;
    expect(await ask(customer, 'POST', '/tickets', wanted, key)).toMatchObject({
      ...{ status: 200, body: { id: ticketId } },
    });
    const [asked] = await gets(desk, ticketId, 'ticket.answered');
    expect(asked!.payload.message).toMatchObject({ text: wanted.text, by: 'customer' });

    // The typed client of a customer, on the other node.
    const seen: { readonly type: string; readonly payload: object }[] = [];
    const live = createLiveClient(other.url, {
      session: { accessToken: async () => liveToken({ ...customer, generation: 1 }) } as never,
    });
    const tickets = live.namespace<typeof SUPPORT>('/support');
    const state = await tickets.call('ticket', { ticketId });
    tickets.follow(
      { verb: 'subscribe', input: { ticketId }, aggregate: 'ticket', id: ticketId, after: state.version },
      { onEvent: ({ type, payload }) => seen.push({ type, payload }), onReset: () => undefined },
    );

    expect(await desk.get('take', { teams: ['billing'] })).toEqual({ ticketId });
    const answer = {
      ...{ ticketId, clientId: newId() },
      canned: {
        ...{ team: 'billing', code: 'refund-sent', language: 'fa' },
        values: [{ name: 'order', value: '100042' }],
      },
    };
    const written = await desk.get('desk.answer', answer);
    expect(written).toMatchObject({ isNew: true, message: { senderId: agent.accountId, by: 'shop' } });
    expect(await desk.get('desk.answer', answer)).toMatchObject({ isNew: false, message: { seq: 2 } });
    await desk.get('note', { ticketId, clientId: newId(), text: 'Second time this month' });
    await eventually(
      () => seen.filter(({ type }) => type === 'ticket.answered'),
      ({ length }) => length === 1,
    );
    expect(seen.find(({ type }) => type === 'ticket.answered')!.payload).toEqual({
      seq: 2,
      by: 'shop',
      message: expect.objectContaining({ text: 'مبلغ سفارش 100042 برگشت داده شد.', by: 'shop' }),
    });

    const thanks = { clientId: newId(), text: 'رسید، ممنون' };
    expect((await ask(customer, 'POST', `/tickets/${ticketId}/messages`, thanks)).status).toBe(201);
    expect(await tickets.call('answer', { ticketId, ...thanks })).toMatchObject({ isNew: false });
    await gets(desk, ticketId, 'ticket.answered', 3);
    expect(await tickets.call('resolve', { ticketId })).toMatchObject({ status: 'resolved' });
    expect(await ask(customer, 'PUT', `/tickets/${ticketId}/rating`, { score: 5 })).toMatchObject({
      ...{ status: 200, body: { rating: 5 } },
    });
    await gets(desk, ticketId, 'ticket.rated');
    await eventually(
      () => seen.map(({ type }) => type),
      (types) => types.includes('ticket.rated'),
    );
    expect(JSON.stringify(seen)).not.toContain('Second time');
    expect(JSON.stringify(seen)).not.toContain(agent.accountId);
    const all = await ask<{ items: TicketMessageView[] }>(customer, 'GET', `/tickets/${ticketId}/messages`);
    expect(all.body.items.map(({ seq, by }) => [seq, by])).toEqual([
      [1, 'customer'],
      [2, 'shop'],
      [3, 'customer'],
    ]);
    live.close();
  });

  test('a customer who reads the messages has read what they were told of them, and nobody else reads it for them', async () => {
    const { badgeOf, note } = notificationTools(() => shop);
    const [customer, agent] = [await buildPerson(shop), await buildAgent(shop, 'support')];
    const { id: ticketId } = await buildTicket(shop, customer);
    const unread = async () => (await badgeOf(customer.accountId)).unread;
    const answered = async () => {
      await shop.run((transaction) =>
        answerAsStaff(transaction, agent, {
          ticketId,
          clientId: newId(),
          text: 'There',
          status: 'pending_customer',
        }),
      );
      await note(ticketId);
      expect(await unread()).toBe(1);
    };
    const live = await enter(customer);
    await answered();
    // A client that is online again follows by itself.
    await live.get('subscribe', { ticketId });
    await ask(agent, 'GET', `/tickets/${ticketId}/messages`);
    expect(await unread()).toBe(1);
    await ask(customer, 'GET', `/tickets/${ticketId}/messages`);
    expect(await unread()).toBe(0);
    await answered();
    await live.get('messages', { ticketId });
    expect(await unread()).toBe(0);
  });

  test('requests show customers their own tickets page by page, and staff the queue by what is due first', async () => {
    const [customer, stranger, agent] = [
      await buildPerson(shop),
      await buildPerson(shop),
      await buildAgent(shop, 'support'),
    ];
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1)
      ids.push((await buildTicket(shop, customer, { category: 'technical' })).id);
    await ask(agent, 'PUT', `/desk/${ids[2]}/priority`, { priority: 'urgent' });
    await ask(agent, 'PUT', `/desk/${ids[1]}/status`, { status: 'resolved' });
    type Page = { items: TicketView[]; nextCursor: string | null };
    const first = await ask<Page>(customer, 'GET', '/tickets?limit=2');
    expect(first.body.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const rest = await ask<Page>(customer, 'GET', `/tickets?limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: ids[0] }], nextCursor: null });
    const open = await ask<Page>(customer, 'GET', '/tickets?status=resolved');
    expect(open.body.items.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await ask<Page>(stranger, 'GET', '/tickets')).body.items).toEqual([]);
    const foreign = await ask(stranger, 'GET', `/tickets?cursor=${first.body.nextCursor}`);
    expect(foreign.body.code).toBe('catalog.cursor_invalid');
    for (const [method, route] of [
      ['GET', `/tickets/${ids[0]}`],
      ['GET', `/tickets/${ids[0]}/messages`],
      ['POST', `/tickets/${ids[0]}/resolution`],
    ] as const)
      expect((await ask(stranger, method, route)).body.code).toBe('ticket.not_found');
    // Staff read it as the customer does.
    expect((await ask(agent, 'GET', `/tickets/${ids[0]}`)).body).not.toHaveProperty('assigneeId');

    const mine = (items: readonly { readonly id: string }[]) =>
      items.map(({ id }) => id).filter((id) => ids.includes(id));
    const queue = await ask<{ items: DeskTicketView[]; nextCursor: string }>(
      ...([agent, 'GET', '/queue?team=technical&limit=1'] as const),
    );
    const next = await ask<{ items: DeskTicketView[] }>(
      ...([agent, 'GET', `/queue?team=technical&limit=50&cursor=${queue.body.nextCursor}`] as const),
    );
    // The urgent one is due first, of the resolved one no clock runs.
    expect(mine([...queue.body.items, ...next.body.items])).toEqual([ids[2], ids[0], ids[1]]);
    const live = await (await enter(agent)).get<LiveQueueView>('queue', { team: 'technical', limit: 50 });
    expect(mine(live.tickets)).toEqual([ids[2], ids[0], ids[1]]);
    for (const [filter, expected] of [
      ['priority=urgent', [ids[2]]],
      ['status=resolved', [ids[1]]],
      ['category=feature_request', []],
      ['breached=true', []],
      ['unassigned=true&status=open', [ids[2], ids[0]]],
      [`assigneeId=${agent.accountId}`, []],
    ] as const) {
      const found = await ask<{ items: DeskTicketView[] }>(agent, 'GET', `/queue?team=technical&${filter}`);
      expect(mine(found.body.items), filter).toEqual(expected);
    }
  });

  test('through the client of the API every answer is as documented, and a text comes alone', async () => {
    const [customer, agent] = [await buildPerson(shop), await buildAgent(shop, 'staff')];
    const [id, to] = [newId(), documented()];
    const { data: opened } = await to(customer, 'openTicket', {
      headers: { 'Idempotency-Key': id },
      body: { category: 'general', subject: 'سؤال', text: 'کجاست؟' },
    });
    const path = { id: opened.id };
    const write = (text: string) => ({ clientId: newId(), text });
    await to(customer, 'answerTicket', { path, body: write('زود') });
    await to(customer, 'getTicket', { path });
    await to(customer, 'listOwnTickets', { query: { status: 'open' } });
    await to(customer, 'listTicketMessages', { path, query: { after: 1 } });

    const canned = { textFa: 'سلام {name}', textEn: 'Hello {name}', variables: ['name'] };
    const code = { team: 'general', code: 'hello' } as const;
    const { data: hello } = await to(agent, 'keepCannedAnswer', {
      ...{ path: code, body: canned, headers: { 'If-Match': '"0"' } },
    });
    expect(hello).toEqual({ ...code, ...canned, version: expect.any(Number) });
    expect((await to(agent, 'listCannedAnswers', { query: { team: 'general' } })).data.items).toEqual([
      hello,
    ]);
    await to(agent, 'listQueue', { query: { team: 'general', unassigned: true } });
    const assigned = { assigneeId: agent.accountId, expected: null };
    await to(agent, 'assignTicket', { path, body: assigned });
    await to(agent, 'noteOnTicket', { path, body: write('عجله دارد') });
    await to(agent, 'prioritiseTicket', { path, body: { priority: 'low' } });
    await to(agent, 'categoriseTicket', { path, body: { category: 'complaint' } });
    const choice = { ...code, language: 'en', values: [{ name: 'name', value: '{name}' }] } as const;
    const { data: answered } = await to(agent, 'answerAsShop', {
      path,
      body: { clientId: newId(), canned: { ...choice, values: [...choice.values] }, status: 'resolved' },
    });
    expect(answered.text).toBe('Hello {name}');
    for (const body of [{ clientId: newId() }, { ...write('x'), canned: choice }])
      expect((await ask(agent, 'POST', `/desk/${opened.id}/answers`, body)).body.code).toBe(
        'request.invalid',
      );
    const unfilled = { clientId: newId(), canned: { ...choice, values: [] } };
    expect((await ask(agent, 'POST', `/desk/${opened.id}/answers`, unfilled)).body.code).toBe(
      'canned_answer.variables',
    );
    const { data: notes } = await to(agent, 'listDeskMessages', { path, query: { kind: 'note' } });
    expect(notes.items.map(({ text, senderId }) => [text, senderId])).toEqual([
      ['عجله دارد', agent.accountId],
    ]);
    await to(customer, 'rateTicket', { path, body: { score: 4 } });
    const { data: desk } = await to(agent, 'getDeskTicket', { path });
    expect(desk).toMatchObject({ priority: 'low', category: 'complaint', rating: 4, lastNoteSeq: 1 });
    await to(customer, 'resolveTicket', { path });
    await to(agent, 'moveTicket', { path, body: { status: 'closed' } });
    const { data: later } = await to(customer, 'answerTicket', { path, body: write('باز هم') });
    expect(later.ticketId).not.toBe(opened.id);
    expect((await to(agent, 'takeTicket', { body: { teams: ['general'] } })).data.ticketId).not.toBeNull();
    const seen = { 'If-Match': `"${hello.version}"` };
    expect((await to(agent, 'removeCannedAnswer', { path: code, headers: seen })).status).toBe(204);
  });

  test('canned answers are written and removed by what was seen of them', async () => {
    const lead = await buildAgent(shop, 'staff');
    const to = documented();
    const canned = (textEn: string) => ({ textFa: 'سلام', textEn, variables: [] });
    const seen = (version: number) => ({ 'If-Match': `"${version}"` });
    const keep = (version: number, text: string) =>
      ask<CannedAnswerView>(
        ...([lead, 'PUT', '/canned-answers/technical/seen', canned(text), newId(), seen(version)] as const),
      );
    expect((await ask(lead, 'PUT', '/canned-answers/technical/seen', canned('Hello'))).status).toBe(428);
    expect((await keep(1, 'Hello')).body.code).toBe('canned_answer.changed');
    const hello = await keep(0, 'Hello');
    expect(hello.status).toBe(200);
    const { version: first } = hello.body;
    expect((await keep(0, 'Good day')).body.code).toBe('canned_answer.changed');
    // Of two who have seen the same one, one writes.
    const both = await Promise.all([keep(first, 'Hi'), keep(first, 'Dear customer')]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 412]));
    const written = both.find(({ status }) => status === 200)!;
    const { data } = await to(lead, 'listCannedAnswers', { query: { team: 'technical' } });
    expect(data.items).toEqual([written.body]);
    const { version: second } = data.items[0]!;
    expect(second).toBeGreaterThan(first);
    const remove = (version: number) =>
      ask(lead, 'DELETE', '/canned-answers/technical/seen', undefined, newId(), seen(version));
    expect((await remove(first)).body.code).toBe('canned_answer.changed');
    expect((await remove(second)).status).toBe(204);
    expect((await remove(second)).status).toBe(204);
  });

  test('requests and frames count together', async () => {
    const customer = await buildPerson(shop);
    const client = await enter(customer);
    const wanted = { category: 'general', subject: 'x', text: 'y' };
    const { limit } = SUPPORT_LIMITS.open;
    for (let count = 0; count < limit; count += 2) {
      expect((await ask(customer, 'POST', '/tickets', wanted)).status).toBe(201);
      await client.get('open', { ...wanted, clientId: newId() });
    }
    expect(codeOf(await client.call('open', { ...wanted, clientId: newId() }))).toBe('request.too_many');
    expect((await ask(customer, 'POST', '/tickets', wanted)).status).toBe(429);

    // An answer on an open ticket opens none, one on a closed ticket does.
    const [ticket] = await readOwnTickets(shop.database.manager, customer.accountId, { limit: 1 });
    const answer = () => ({ ticketId: ticket!.id, clientId: newId(), text: 'z' });
    await client.get('answer', answer());
    await shop.run((transaction) => closeAllTickets(transaction, customer.accountId, new Date()));
    expect(codeOf(await client.call('answer', answer()))).toBe('request.too_many');
    const { ticketId, ...written } = answer();
    expect((await ask(customer, 'POST', `/tickets/${ticketId}/messages`, written)).status).toBe(429);
  });

  test('a ticket is reopened as often as one may be opened, by requests and frames together', async () => {
    const { id: ticketId, customer } = await buildTicket(shop);
    const client = await enter(customer);
    const write = () => ({ clientId: newId(), text: 'Once more' });
    const reopen = async (byRequest: boolean) => {
      await shop.run((transaction) => resolveOwnTicket(transaction, customer, { ticketId }));
      if (!byRequest) return codeOf(await client.call('answer', { ticketId, ...write() }));
      const { status, body } = await ask(customer, 'POST', `/tickets/${ticketId}/messages`, write());
      return status === 201 ? 'ok' : body.code;
    };
    await spend(customer, SUPPORT_LIMITS.open, 2);
    expect([await reopen(true), await reopen(false)]).toEqual(['ok', 'ok']);
    expect([await reopen(true), await reopen(false)]).toEqual(['request.too_many', 'request.too_many']);
    expect((await deskOf(ticketId)).status).toBe('resolved');
  });

  test('a customer writes a bounded number of messages a day', async () => {
    const { id: ticketId, customer } = await buildTicket(shop);
    const client = await enter(customer);
    const write = () => ({ clientId: newId(), text: 'And another thing' });
    const first = write();
    await shop.run((transaction) => answerAsCustomer(transaction, customer, { ticketId, ...first }));
    await spend(customer, SUPPORT_LIMITS.day);
    expect(codeOf(await client.call('answer', { ticketId, ...write() }))).toBe('request.too_many');
    expect((await ask(customer, 'POST', `/tickets/${ticketId}/messages`, write())).status).toBe(429);
    // Whoever has lost the answer to one of them gets it again.
    expect((await ask(customer, 'POST', `/tickets/${ticketId}/messages`, first)).status).toBe(200);
    expect(await client.get('answer', { ticketId, ...first })).toMatchObject({ isNew: false });
    expect((await deskOf(ticketId)).lastSeq).toBe(2);
    // What staff write has no such bound.
    const agent = await buildAgent(shop, 'support');
    expect((await ask(agent, 'POST', `/desk/${ticketId}/answers`, write())).status).toBe(201);
  });
});

describe('bad users', () => {
  test('of two agents on two nodes who take one ticket at once, one gets it', async () => {
    const { id: ticketId } = await buildTicket(shop);
    const agents = [await buildAgent(shop, 'support'), await buildAgent(shop, 'support')] as const;
    const [here, there] = await Promise.all([enter(agents[0], one), enter(agents[1], other)]);
    const take = (client: LiveClient, { accountId }: ChatActor) =>
      client.call('assign', { ticketId, assigneeId: accountId, expected: null });
    const codes = (await Promise.all([take(here, agents[0]), take(there, agents[1])])).map(codeOf);
    expect(codes.toSorted()).toEqual(['ok', 'ticket.assigned_otherwise']);
    const winner = agents[codes.indexOf('ok')]!;
    expect((await deskOf(ticketId)).assigneeId).toBe(winner.accountId);
    // So it is with the first of the queue.
    await clearQueue();
    const { id: first } = await buildTicket(shop);
    const taken = await Promise.all(
      [here, there].map((client) => client.get('take', { teams: ['general'] })),
    );
    expect(taken.filter((it) => it['ticketId'] === first)).toHaveLength(1);
    expect(taken.filter((it) => it['ticketId'] === null)).toHaveLength(1);
    // A repetition of whoever has it changes nothing.
    const again = codes[0] === 'ok' ? take(here, winner) : take(there, winner);
    expect(codeOf(await again)).toBe('ok');
  });

  test('a customer assigns, closes, hurries or removes no ticket, and being named changes no right', async () => {
    const { id: ticketId, customer } = await buildTicket(shop);
    const client = await enter(customer);
    const agent = await buildAgent(shop, 'support');
    const wishes = [
      ['assign', { ticketId, assigneeId: customer.accountId, expected: null }],
      ['move', { ticketId, status: 'closed' }],
      ['prioritise', { ticketId, priority: 'urgent' }],
    ] as const;
    for (const [verb, input] of wishes)
      expect(codeOf(await client.call(verb, input))).toBe('access.forbidden');
    for (const [route, body] of [
      ['assignee', { assigneeId: customer.accountId, expected: null }],
      ['status', { status: 'closed' }],
      ['priority', { priority: 'urgent' }],
    ] as const)
      expect((await ask(customer, 'PUT', `/desk/${ticketId}/${route}`, body)).body.code).toBe(
        'access.forbidden',
      );
    expect((await ask(customer, 'DELETE', `/tickets/${ticketId}`)).status).toBe(405);
    expect((await ask(customer, 'PATCH', `/tickets/${ticketId}`, { status: 'closed' })).status).toBe(405);
    const named = { assigneeId: customer.accountId, expected: null };
    expect((await ask(agent, 'PUT', `/desk/${ticketId}/assignee`, named)).body.code).toBe(
      'ticket.assignee_unfit',
    );
    expect(await deskOf(ticketId)).toMatchObject({ status: 'open', priority: 'medium', assigneeId: null });
  });

  test('whoever loses the role is out of the queue and the desk, and comes back to neither', async () => {
    const { id: ticketId } = await buildTicket(shop);
    const admin = await buildAdmin(shop.database);
    const [agent, writer] = [await buildAgent(shop, 'support'), await buildAgent(shop, 'staff')];
    const client = await enter(agent, other);
    await client.get('queue');
    await client.get('subscribe', { ticketId });
    await client.get('desk.subscribe', { ticketId });
    await client.get('ready', { teams: TEAMS });
    const { accountId } = agent;
    await shop.run((transaction) => takeRoles(transaction, admin, { accountId, role: 'support' }));
    await client.closed();
    const note = { ticketId, clientId: newId(), text: 'Behind their back', now: new Date() };
    await shop.run((transaction) => noteOnTicket(transaction, writer, note));
    const back = await enter(await buildPerson(shop, accountId), other);
    const wishes = { queue: {}, ready: { teams: TEAMS } };
    for (const [verb, input] of Object.entries(wishes))
      expect(codeOf(await back.call(verb, input))).toBe('access.forbidden');
    expect(codeOf(await back.call('subscribe', { ticketId }))).toBe('ticket.not_found');
    expect(JSON.stringify([client.events, back.events])).not.toContain('Behind');
    // Ready as they said they were, nothing is handed out to them.
    const { id: next } = await buildTicket(shop);
    expect(await handOut(next)).not.toBe(accountId);
  });

  test('a batch of events costs one statement, whoever follows', async () => {
    const agent = await buildAgent(shop, 'support');
    const tickets = await Promise.all(Array.from({ length: 10 }, () => buildTicket(shop)));
    for (const { id } of tickets)
      await shop.run((transaction) =>
        noteOnTicket(transaction, agent, { ticketId: id, clientId: newId(), text: 'x', now: new Date() }),
      );
    const batchOf = (type: string) =>
      tickets.map(({ id }) => ({ aggregateId: id, type, payload: { seq: 1 } })) as unknown as JournalEvent[];
    for (const [rule, type] of [
      [FOLLOW_TICKETS, 'ticket.answered'],
      [FOLLOW_TICKET_STAFF, 'ticket_staff.noted'],
    ] as const) {
      const { result, statements } = await countStatements(shop.database, () =>
        rule.route(shop.database.manager, batchOf(type)),
      );
      expect(statements).toHaveLength(1);
      expect(result.map((routed) => routed!.payload)).toEqual(
        tickets.map(() => ({ seq: 1, message: expect.objectContaining({ seq: 1 }) })),
      );
      const rooms = result.flatMap((routed) => routed!.rooms);
      if (type === 'ticket_staff.noted')
        expect(rooms.filter((room) => room.startsWith('ticket:'))).toEqual([]);
    }
  });

  test('a text that was blanked since is told by no resume', async () => {
    const { id: ticketId, customer } = await buildTicket(shop, undefined, { text: 'Blanked soon' });
    const client = await enter(customer);
    const before = await client.get<SubscribedView>('subscribe', { ticketId });
    expect(JSON.stringify(before)).toContain('Blanked soon');
    const agent = await buildAgent(shop, 'support');
    const desk = await enter(agent, other);
    await desk.get('note', { ticketId, clientId: newId(), text: 'Blanked soon' });
    const noted = await desk.get<SubscribedView>('desk.subscribe', { ticketId });
    expect(noted.events.at(-1)).toMatchObject({
      ...{ type: 'ticket_staff.noted', version: 2 },
      payload: { seq: 1, message: { text: 'Blanked soon', senderId: agent.accountId } },
    });
    await rows(
      shop.database.manager,
      "UPDATE ticket_messages SET text = '', request_digest = NULL WHERE ticket_id = $1",
      [ticketId],
    );
    const after = await client.get<SubscribedView>('subscribe', { ticketId });
    expect(after.events.map(({ type }) => type)).toEqual(before.events.map(({ type }) => type));
    const again = await desk.get<SubscribedView>('desk.subscribe', { ticketId, after: 1 });
    expect(again.events).toMatchObject([{ version: 2, payload: { message: { text: '' } } }]);
    expect(JSON.stringify([after, again])).not.toContain('Blanked soon');
    const ahead = await client.get<SubscribedView>('subscribe', { ticketId, after: 9_999 });
    expect(ahead).toMatchObject({ reset: true, state: { id: ticketId, version: ahead.version } });
  });
});

describe('an agent', () => {
  test('sees a breach and its escalation in the queue, and the customer sees neither', async () => {
    const now = new Date(Date.now() - 90 * 86_400_000);
    const { id: ticketId, customer } = await buildTicket(shop, undefined, { now });
    const agent = await buildAgent(shop, 'support');
    const [desk, own] = await Promise.all([enter(agent), enter(customer)]);
    await desk.get('queue');
    await own.get('subscribe', { ticketId });
    await own.get('tickets');
    const urgent = { ticketId, priority: 'urgent', now } as const;
    await shop.run((transaction) => changeTicketPriority(transaction, agent, urgent));
    await shop.run((transaction) => judgeTicket(transaction, { ticketId, clock: () => new Date() }));
    const [escalated] = await gets(desk, ticketId, 'ticket_staff.clock_escalated');
    expect(escalated!.payload).toMatchObject({ kind: expect.any(String), round: 1 });
    const { tickets } = await desk.get<LiveQueueView>('queue', { breached: true });
    expect(tickets.map(({ id }) => id)).toContain(ticketId);
    await own.get('unsubscribe', { ticketId });
    expect(eventsOf(own, ticketId).filter(({ aggregate }) => aggregate === 'ticket_staff')).toEqual([]);
  });

  test('is told that the customer types, and the customer that the shop does', async () => {
    const { id: ticketId, customer } = await buildTicket(shop);
    const agent = await buildAgent(shop, 'support');
    const [desk, own] = await Promise.all([enter(agent, one), enter(customer, other)]);
    await Promise.all([desk.get('subscribe', { ticketId }), own.get('subscribe', { ticketId })]);
    await Promise.all([desk.get('typing', { ticketId }), own.get('typing', { ticketId })]);
    for (const [client, by] of [
      [desk, 'customer'],
      [own, 'shop'],
    ] as const) {
      const told = await eventually(
        () => client.others.filter(({ name }) => name === 'typing'),
        ({ length }) => length > 0,
      );
      expect(told.map(({ payload }) => payload)).toEqual([{ ticketId, by }]);
    }
  });

  test('neither reads nor changes by any request the desk of their own ticket', async () => {
    const agent = await buildAgent(shop, 'support');
    const { id } = await buildTicket(shop, agent);
    for (const route of [`/desk/${id}`, `/desk/${id}/messages?kind=note`, `/desk/${id}/messages`])
      expect((await ask(agent, 'GET', route)).body.code).toBe('ticket.own');
    const before = await deskOf(id);
    const written = { clientId: newId(), text: 'Take this' };
    for (const [method, route, body] of [
      ['POST', 'answers', written],
      ['POST', 'notes', written],
      ['PUT', 'status', { status: 'in_progress' }],
      ['PUT', 'assignee', { assigneeId: agent.accountId, expected: null }],
      ['PUT', 'priority', { priority: 'urgent' }],
      ['PUT', 'category', { category: 'billing' }],
    ] as const) {
      const refused = await ask(agent, method, `/desk/${id}/${route}`, body);
      expect([route, refused.status, refused.body.code]).toEqual([route, 403, 'ticket.own']);
    }
    expect(await deskOf(id)).toEqual(before);
    const { body } = await ask<{ items: DeskTicketView[] }>(agent, 'GET', '/queue?limit=50&team=general');
    expect(body.items.map((ticket) => ticket.id)).not.toContain(id);
    expect((await ask(agent, 'GET', `/tickets/${id}`)).status).toBe(200);
  });
});
