import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { STAFF_ROLES } from '../../entities/auth/policy';
import type { ChatActor } from '../../entities/chat/room-access';
import { recordEvents } from '../../entities/events/record-events';
import { answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import { closeAllTickets } from '../../entities/support/close-all-tickets';
import { resolveOwnTicket } from '../../entities/support/own-ticket';
import { readTicketMessages } from '../../entities/support/read-messages';
import { readDeskTicket } from '../../entities/support/read-tickets';
import { assignTicket } from '../../entities/support/steer-ticket';
import { TICKET, TICKET_STAFF } from '../../entities/support/support.events';
import { newId } from '../../entities/values/uuid';
import type { LiveEvent } from '../../realtime/event-maps';
import { TICKET_PAYLOADS, TICKET_STAFF_PAYLOADS } from '../../realtime/support/support-payloads';
import { SUPPORT } from '../../realtime/support/support.namespace';
import type { LiveQueueView } from '../../realtime/support/support.view';
import { eventually } from '../support/eventually';
import { buildAgent, buildPerson } from '../support/factories/chat';
import { buildTicket } from '../support/factories/tickets';
import { liveToken, openRealtimeNode, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { codeOf } from './chat-callers';

let shop: ShopDatabase;
let node: OpenRealtime;
beforeAll(async () => {
  shop = await openShopDatabase();
  node = await openRealtimeNode(shop, { realtime: { framesPerSecond: 1_000, framesAtOnce: 1_000 } });
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await node.close();
  await shop.close();
});

/** Everybody but guests, who join nothing here. A stranger is the customer of another ticket. */
const CALLERS = ['customer', 'stranger', ...STAFF_ROLES] as const;
type CallerName = (typeof CALLERS)[number];
type VerbName = keyof typeof SUPPORT.verbs;

/** What a verb is asked for. */
interface Scene {
  readonly ticketId: string;
  readonly resolvedId: string;
}

/** Outcomes for the customer of the ticket, another customer, everybody of the staff, and somebody of them whose own ticket it is. */
const outcomes = (customer: string, stranger: string, staff: string, both: string) =>
  [customer, stranger, staff, both] as const;
const FREE = outcomes('ok', 'ok', 'ok', 'ok');
const READERS = outcomes('ok', 'ticket.not_found', 'ok', 'ok');
const ONLY_ITS_CUSTOMER = outcomes('ok', 'ticket.not_found', 'ticket.not_found', 'ok');
const ONLY_STAFF = outcomes('access.forbidden', 'access.forbidden', 'ok', 'ok');
const ONLY_OTHER_STAFF = outcomes('access.forbidden', 'access.forbidden', 'ok', 'ticket.own');
const text = 'Take this';

/** What comes of each verb: a further verb does not compile without its row. */
const MATRIX: Readonly<Record<VerbName, readonly [(scene: Scene) => object, ReturnType<typeof outcomes>]>> = {
  tickets: [() => ({}), FREE],
  ticket: [({ ticketId }) => ({ ticketId }), READERS],
  messages: [({ ticketId }) => ({ ticketId }), READERS],
  subscribe: [({ ticketId }) => ({ ticketId }), READERS],
  unsubscribe: [({ ticketId }) => ({ ticketId }), FREE],
  typing: [({ ticketId }) => ({ ticketId }), READERS],
  open: [() => ({ clientId: newId(), category: 'general', subject: 'x', text }), FREE],
  answer: [({ ticketId }) => ({ ticketId, clientId: newId(), text }), ONLY_ITS_CUSTOMER],
  resolve: [({ ticketId }) => ({ ticketId }), ONLY_ITS_CUSTOMER],
  rate: [({ resolvedId }) => ({ ticketId: resolvedId, score: 4 }), ONLY_ITS_CUSTOMER],
  desk: [({ ticketId }) => ({ ticketId }), ONLY_OTHER_STAFF],
  'desk.subscribe': [({ ticketId }) => ({ ticketId }), ONLY_OTHER_STAFF],
  'desk.unsubscribe': [({ ticketId }) => ({ ticketId }), ONLY_STAFF],
  'desk.answers': [({ ticketId }) => ({ ticketId }), ONLY_OTHER_STAFF],
  'desk.notes': [({ ticketId }) => ({ ticketId }), ONLY_OTHER_STAFF],
  'desk.answer': [({ ticketId }) => ({ ticketId, clientId: newId(), text }), ONLY_OTHER_STAFF],
  note: [({ ticketId }) => ({ ticketId, clientId: newId(), text }), ONLY_OTHER_STAFF],
  queue: [() => ({}), ONLY_STAFF],
  ready: [() => ({ teams: ['technical'] }), ONLY_STAFF],
  away: [() => ({}), ONLY_STAFF],
  take: [() => ({ teams: ['technical'] }), ONLY_STAFF],
  assign: [({ ticketId }) => ({ ticketId, assigneeId: null, expected: null }), ONLY_OTHER_STAFF],
  move: [({ ticketId }) => ({ ticketId, status: 'in_progress' }), ONLY_OTHER_STAFF],
  prioritise: [({ ticketId }) => ({ ticketId, priority: 'urgent' }), ONLY_OTHER_STAFF],
  categorise: [({ ticketId }) => ({ ticketId, category: 'billing' }), ONLY_OTHER_STAFF],
  canned: [() => ({ team: 'billing' }), ONLY_STAFF],
};

let people: Readonly<Record<CallerName, ChatActor>>;
let clients: Readonly<Record<CallerName, LiveClient>>;
/** Somebody of the staff who is also a customer. */
let both: ChatActor;

const enter = ({ accountId, sessionId }: ChatActor) =>
  node.connect('/support', { token: liveToken({ accountId, sessionId, generation: 1 }) });

beforeAll(async () => {
  const [customer, stranger] = [await buildPerson(shop), await buildPerson(shop)];
  people = {
    ...{ customer, stranger },
    support: await buildAgent(shop, 'support'),
    staff: await buildAgent(shop, 'staff'),
    admin: await buildAgent(shop, 'admin'),
  };
  both = await buildAgent(shop, 'support');
  await buildTicket(shop, stranger);
  const joined = await Promise.all(CALLERS.map((caller) => enter(people[caller])));
  clients = Object.fromEntries(CALLERS.map((caller, place) => [caller, joined[place]!])) as typeof clients;
});

/** A ticket that is open and one that is resolved, of this customer. */
async function buildScene(customer = people.customer): Promise<Scene> {
  // Whoever has too many open tickets opens no other one.
  await shop.run((transaction) => closeAllTickets(transaction, customer.accountId, new Date()));
  const { id: ticketId } = await buildTicket(shop, customer);
  const { id: resolvedId } = await buildTicket(shop, customer);
  await shop.run((transaction) =>
    resolveOwnTicket(transaction, customer, { ticketId: resolvedId, now: new Date() }),
  );
  return { ticketId, resolvedId };
}

describe('a verb', () => {
  test.each(Object.keys(SUPPORT.verbs) as VerbName[])('%s serves those whom it should', async (verb) => {
    const [input, [customer, stranger, staff, own]] = MATRIX[verb];
    const scene = await buildScene();
    const found: Partial<Record<CallerName, string>> = {};
    for (const caller of CALLERS) {
      found[caller] = codeOf(await clients[caller].call(verb, input(scene)));
      // Ten refusals in a row would end the socket.
      await clients[caller].get('unsubscribe', { ticketId: scene.ticketId });
    }
    expect(found).toEqual({ customer, stranger, support: staff, staff, admin: staff });
    const client = await enter(both);
    expect(codeOf(await client.call(verb, input(await buildScene(both))))).toBe(own);
    client.close();
  });

  test('serves no guest: nobody joins without having signed in', async () => {
    await expect(node.connect('/support')).rejects.toThrow('access.token_missing');
    expect(Object.values(SUPPORT.verbs).filter((verb) => 'guests' in verb)).toEqual([]);
  });
});

/** An event of each type that the journal knows, on a ticket with an answer and a note. */
const HAPPENINGS = {
  'ticket.opened': { category: 'general', followsId: null },
  'ticket.answered': { seq: 1, by: 'customer' },
  'ticket.status_changed': { from: 'open', to: 'in_progress' },
  'ticket.category_changed': { from: 'general', to: 'billing' },
  'ticket.rated': { resolution: 1, score: 5 },
  'ticket_staff.opened': { priority: 'medium' },
  'ticket_staff.noted': { seq: 1, senderId: newId() },
  'ticket_staff.assigned': { assigneeId: null },
  'ticket_staff.priority_changed': { from: 'low', to: 'high' },
  'ticket_staff.clock_warned': { kind: 'resolution', round: 1 },
  'ticket_staff.clock_breached': { kind: 'resolution', round: 1 },
  'ticket_staff.clock_escalated': { kind: 'resolution', round: 1 },
} as const satisfies Readonly<
  Record<keyof typeof TICKET_PAYLOADS | keyof typeof TICKET_STAFF_PAYLOADS, object>
>;

const STAFF_TYPES = Object.keys(TICKET_STAFF_PAYLOADS);

test('each event reaches those who may see it, whatever they follow, and what is for staff no customer', async () => {
  const { ticketId } = await buildScene();
  const note = { ticketId, clientId: newId(), text: 'Asks for money again', now: new Date() };
  await shop.run((transaction) => noteOnTicket(transaction, people.staff, note));
  const followers = await Promise.all(
    CALLERS.flatMap((caller) =>
      (['subscribe', 'desk.subscribe', 'tickets', 'queue'] as const).map(async (how) => {
        const client = await enter(people[caller]);
        const { ok } = await client.call(how, how.endsWith('subscribe') ? { ticketId, after: 1_000 } : {});
        return { name: `${caller}: ${how}`, client, ok };
      }),
    ),
  );
  const since = await readDeskTicket(shop.database.manager, ticketId);
  await shop.run(async (transaction) => {
    for (const [type, payload] of Object.entries(HAPPENINGS)) {
      const aggregate = type.startsWith('ticket_staff.') ? TICKET_STAFF : TICKET;
      await recordEvents(transaction, aggregate as typeof TICKET, ticketId, { type, payload } as never);
    }
  });
  const fresh = ({ aggregate, id, version }: LiveEvent) =>
    id === ticketId && version > (aggregate === 'ticket' ? since.version : since.deskVersion);
  const got = (client: LiveClient) => [...new Set(client.events.filter(fresh).map(({ type }) => type))];

  const forCustomers = Object.keys(TICKET_PAYLOADS);
  const both = [...forCustomers, ...STAFF_TYPES];
  const expected: Record<string, readonly string[]> = {
    'customer: subscribe': forCustomers,
    'customer: tickets': forCustomers,
  };
  for (const role of STAFF_ROLES) {
    expected[`${role}: subscribe`] = forCustomers;
    expected[`${role}: desk.subscribe`] = STAFF_TYPES;
    expected[`${role}: queue`] = both;
  }
  const reached = () =>
    Object.fromEntries(
      followers.flatMap(({ name, client }) => {
        const types = got(client);
        return types.length > 0 ? [[name, types.toSorted()]] : [];
      }),
    );
  const wanted = Object.fromEntries(
    Object.entries(expected).map(([name, types]) => [name, types.toSorted()]),
  );
  await eventually(reached, (found) =>
    Object.keys(wanted).every((name) => (found[name]?.length ?? 0) >= wanted[name]!.length),
  );
  // What was sent before an answer has come before it.
  for (const { client } of followers) await client.call('unsubscribe', { ticketId });
  expect(reached()).toEqual(wanted);

  const seen = JSON.stringify(
    followers
      .filter(({ name }) => name.startsWith('customer') || name.startsWith('stranger'))
      .map(({ client }) => [client.events, client.others]),
  );
  for (const secret of ['ticket_staff', 'Asks for money', people.staff.accountId])
    expect(seen).not.toContain(secret);
  const inOpenRoom = followers.filter(({ name }) => name.endsWith(': subscribe'));
  for (const { client } of inOpenRoom)
    expect(got(client).filter((type) => STAFF_TYPES.includes(type))).toEqual([]);
  for (const { client } of followers) client.close();
});

test('whoever of the staff is the customer of a ticket hears nothing of its desk, also in the queue', async () => {
  const [own, foreign] = [await buildScene(both), await buildScene()];
  const [client, colleague] = [await enter(both), await enter(people.staff)];
  for (const each of [client, colleague]) {
    const queue = await each.get<LiveQueueView>('queue', { limit: 50 });
    const ids = queue.tickets.map(({ id }) => id);
    expect([ids.includes(own.ticketId), ids.includes(foreign.ticketId)]).toEqual([each === colleague, true]);
    await each.get('subscribe', { ticketId: own.ticketId });
  }
  const write = (ticketId: string) => ({ ticketId, clientId: newId(), text: 'Suspect, tell an admin' });
  await shop.run((transaction) => noteOnTicket(transaction, people.admin, write(own.ticketId)));
  await shop.run((transaction) => noteOnTicket(transaction, people.admin, write(foreign.ticketId)));
  const notesOf = ({ events }: LiveClient) =>
    events.filter(({ type }) => type === 'ticket_staff.noted').map(({ id }) => id);
  await eventually(
    () => [client, colleague].map((each) => notesOf(each)),
    (found) => found.every((ids) => ids.includes(foreign.ticketId)),
  );
  expect(notesOf(client)).toEqual([foreign.ticketId]);
  expect(notesOf(colleague)).toEqual([own.ticketId, foreign.ticketId]);
  expect(client.events.filter(({ id, aggregate }) => id === own.ticketId && aggregate !== 'ticket')).toEqual(
    [],
  );
  for (const each of [client, colleague]) each.close();
});

test('nothing that customers read has anything of notes, assignment or clocks', async () => {
  const { ticketId } = await buildScene();
  const now = new Date();
  await shop.run(async (transaction) => {
    const note = { ticketId, clientId: newId(), text: 'Secret', now };
    await noteOnTicket(transaction, people.support, note);
    const assignment = { ticketId, assigneeId: people.support.accountId, expected: null };
    await assignTicket(transaction, people.support, assignment);
    const answer = { ticketId, clientId: newId(), text: 'Hello', status: 'pending_customer', now } as const;
    await answerAsStaff(transaction, people.support, answer);
  });
  const { customer } = clients;
  const read = [
    await customer.get('ticket', { ticketId }),
    await customer.get('tickets'),
    await customer.get('messages', { ticketId }),
    await customer.get('subscribe', { ticketId }),
    await customer.get('subscribe', { ticketId, after: 1_000_000 }),
  ];
  const shown = JSON.stringify(read);
  for (const hidden of [
    'Secret',
    people.support.accountId,
    'assignee',
    'clocks',
    'dueAt',
    'oteSeq',
    'priority',
  ])
    expect(shown).not.toContain(hidden);
  expect(shown).toContain('Hello');
  const notes = { ticketId, kind: 'note', after: 0, limit: 10 } as const;
  expect(await readTicketMessages(shop.database.manager, notes)).toHaveLength(1);
});
