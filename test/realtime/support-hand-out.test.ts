import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { TEAMS } from '../../entities/support/ticket';
import { eventually } from '../support/eventually';
import { buildAgent, buildPerson } from '../support/factories/chat';
import { buildTicket } from '../support/factories/tickets';
import type { OpenRealtime } from '../support/open-realtime';
import type { ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openSupportDesk, type SupportDesk } from '../support/support-desk';

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

describe('an agent', () => {
  test('who is ready and has the fewest gets what comes, up to what they want, and never what they gave back', async () => {
    await clearQueue();
    const [busy, idle] = [await buildAgent(shop, 'support'), await buildAgent(shop, 'support')];
    const [here, there] = await Promise.all([enter(busy, one), enter(idle, other)]);
    const { id: waiting } = await buildTicket(shop);
    expect(await handOut(waiting)).toBeNull();
    expect(await here.get('ready', { most: 2, teams: TEAMS })).toMatchObject({ ticketId: waiting });
    expect(await there.get('ready', { most: 1, teams: ['general'] })).toMatchObject({ ticketId: null });

    const { id: next } = await buildTicket(shop);
    expect(await handOut(next)).toBe(idle.accountId);
    expect(await handOut(next)).toBeNull();
    const { id: billing } = await buildTicket(shop, undefined, { category: 'billing' });
    expect(await handOut(billing)).toBe(busy.accountId);
    const { id: tooMany } = await buildTicket(shop);
    expect(await handOut(tooMany)).toBeNull();
    await here.get('ready', { most: 3, teams: ['technical'] });

    const back = { ticketId: next, assigneeId: null, expected: idle.accountId };
    await there.get('assign', back);
    // Of what waits they get the other one.
    expect(await there.get('ready', { most: 1, teams: TEAMS })).toMatchObject({ ticketId: tooMany });
    expect(await there.get('ready', { most: 5, teams: TEAMS })).toMatchObject({ ticketId: null });
    expect(await handOut(next)).toBeNull();
    expect(await here.get('ready', { most: 5, teams: TEAMS })).toMatchObject({ ticketId: next });

    const own = await buildTicket(shop, await buildPerson(shop, idle.accountId));
    expect(await handOut(own.id)).not.toBe(idle.accountId);
  });

  test('gets a ticket in turn, where all have as many', async () => {
    await clearQueue();
    const agents = await Promise.all(Array.from({ length: 3 }, () => buildAgent(shop, 'support')));
    for (const agent of agents) await ask(agent, 'PUT', '/readiness', { teams: ['general'], most: 2 });
    const given: (string | null)[] = [];
    for (let count = 0; count < 6; count += 1) {
      const { id } = await buildTicket(shop);
      given.push(await handOut(id));
      const done = await ask(agents[0]!, 'PUT', `/desk/${id}/status`, { status: 'resolved' });
      expect(done.status).toBe(200);
      // Each says again that they are ready.
      for (const agent of agents) await ask(agent, 'PUT', '/readiness', { teams: ['general'], most: 2 });
    }
    expect(new Set(given.slice(0, 3))).toEqual(new Set(agents.map(({ accountId }) => accountId)));
    expect(given.slice(3)).toEqual(given.slice(0, 3));
    for (const agent of agents) await ask(agent, 'DELETE', '/readiness');
  });

  test('who has closed their last connection is ready no longer', async () => {
    await clearQueue();
    const agent = await buildAgent(shop, 'support');
    const [here, there] = await Promise.all([enter(agent, one), enter(agent, other)]);
    await here.get('ready', { teams: TEAMS });
    const isReady = async () =>
      (
        await rows(shop.database.manager, 'SELECT FROM support_agents WHERE account_id = $1', [
          agent.accountId,
        ])
      ).length > 0;
    await here.get('away');
    expect(await isReady()).toBe(false);
    await here.get('ready', { teams: TEAMS });
    here.close();
    await there.get('queue');
    expect(await isReady()).toBe(true);
    there.close();
    await eventually(isReady, (ready) => !ready);

    // Of a node that was killed nobody says so.
    const last = await enter(agent, other);
    await last.get('ready', { teams: TEAMS });
    await rows(shop.database.manager, 'UPDATE support_agents SET ready_until = now()');
    const { id } = await buildTicket(shop);
    expect(await handOut(id)).toBeNull();
    await last.get('away');
  });

  test('is ready by requests alone: for 90 s, with a record of when it began and ended, and gets what waits', async () => {
    await clearQueue();
    const agent = await buildAgent(shop, 'support');
    const to = documented();
    const team = { body: { teams: ['general' as const], most: 2 } };
    const before = Date.now();
    const { data: first } = await to(agent, 'sayReady', team);
    expect(first.ticketId).toBeNull();
    const readyFor = Date.parse(first.readyUntil) - before;
    expect(readyFor).toBeGreaterThan(80_000);
    expect(readyFor).toBeLessThan(100_000);
    const { id: next } = await buildTicket(shop);
    expect(await handOut(next)).toBe(agent.accountId);
    const { items } = (await to(agent, 'listQueue', { query: { assigneeId: agent.accountId } })).data;
    expect(items.map(({ id }) => id)).toEqual([next]);

    // Without another word they are ready no longer.
    await rows(shop.database.manager, 'UPDATE support_agents SET ready_until = now()');
    const { id: waits } = await buildTicket(shop);
    expect(await handOut(waits)).toBeNull();
    const again = await to(agent, 'sayReady', team);
    expect(again.data.ticketId).toBe(waits);
    await to(agent, 'sayReady', team);
    await to(agent, 'sayAway', {});
    await to(agent, 'sayAway', {});
    const { id: late } = await buildTicket(shop);
    expect(await handOut(late)).toBeNull();

    const recorded = await readStaffActions(shop.database.manager, { before: null, limit: 1_000 });
    const own = recorded.filter(({ accountId }) => accountId === agent.accountId).toReversed();
    expect(own.map(({ details }) => details['did'])).toEqual(['ready', 'take', 'ready', 'away']);
    expect(own[0]!.details).toEqual({ did: 'ready', teams: 'general', most: 2 });

    const customer = await buildPerson(shop);
    for (const method of ['PUT', 'DELETE'])
      expect((await ask(customer, method, '/readiness', team.body)).body.code).toBe('access.forbidden');
    for (const body of [{ teams: [] }, { teams: ['sales'] }, { teams: ['general'], most: 51 }])
      expect((await ask(agent, 'PUT', '/readiness', body)).body.code).toBe('request.invalid');
  });

  test('who says ready by requests and closes a socket is ready no longer until they say it again', async () => {
    await clearQueue();
    const agent = await buildAgent(shop, 'support');
    const isReady = async () => (await rows(shop.database.manager, 'SELECT FROM support_agents')).length > 0;
    const client = await enter(agent);
    await ask(agent, 'PUT', '/readiness', { teams: ['general'] });
    client.close();
    await eventually(isReady, (ready) => !ready);
    await ask(agent, 'PUT', '/readiness', { teams: ['general'] });
    expect(await isReady()).toBe(true);
    await ask(agent, 'DELETE', '/readiness');
  });

  test('of many who are ready on two nodes while many tickets come, one gets each, and all get as many', async () => {
    await clearQueue();
    const agents = await Promise.all(Array.from({ length: 4 }, () => buildAgent(shop, 'support')));
    const clients = await Promise.all(agents.map((agent, place) => enter(agent, place % 2 ? one : other)));
    const tickets = await Promise.all(Array.from({ length: 12 }, () => buildTicket(shop)));
    await Promise.all([
      ...clients.map((client) => client.get('ready', { most: 3, teams: TEAMS })),
      ...tickets.map(({ id }) => handOut(id)),
    ]);
    await Promise.all(tickets.map(({ id }) => handOut(id)));
    const assignees = await Promise.all(tickets.map(async ({ id }) => (await deskOf(id)).assigneeId));
    expect(agents.map(({ accountId }) => assignees.filter((id) => id === accountId).length)).toEqual([
      3, 3, 3, 3,
    ]);
    const assigned = await rows<{ count: string }>(
      shop.database.manager,
      `SELECT count(*)::text AS count FROM events WHERE type = 'ticket_staff.assigned' AND aggregate_id = ANY($1)`,
      [tickets.map(({ id }) => id)],
    );
    expect(assigned).toEqual([{ count: '12' }]);
  });
});
