import { request } from 'node:http';

import { IsInt, IsOptional } from 'class-validator';
import { io } from 'socket.io-client';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { defineNamespace, defineVerb } from '../../realtime/registry';
import { eventually } from '../support/eventually';
import { ConnectRefused, openRealtimeNode, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

class NumberInput {
  @IsInt()
  number!: number;

  @IsOptional()
  inner?: object;
}

class NumberView {
  number!: number;
}

const double = { input: NumberInput, answer: NumberView, action: 'order.read', guests: true } as const;

/** A namespace whose verbs misbehave. */
const ODD = defineNamespace({
  name: '/odd',
  summary: 'For tests',
  who: 'anybody',
  verbs: {
    double: defineVerb({
      ...double,
      summary: 'Doubles',
      handle: (_context, { number }) => Promise.resolve({ number: number * 2 }),
    }),
    throws: defineVerb({
      ...double,
      summary: 'Throws',
      handle() {
        throw new Error('at once');
      },
    }),
    rejects: defineVerb({ ...double, summary: 'Rejects', handle: () => Promise.reject(new Error('later')) }),
    unanswerable: defineVerb({
      ...double,
      summary: 'Answers with what is no JSON',
      handle: () => Promise.resolve({ number: 1n as unknown as number }),
    }),
    rare: defineVerb({
      ...double,
      summary: 'Has a limit of its own',
      limit: { limit: 2, windowSeconds: 60 },
      handle: (_context, { number }) => Promise.resolve({ number }),
    }),
    join: defineVerb({
      ...double,
      summary: 'Joins a room',
      async handle({ join }, { number }) {
        join(`room:${number}`);
        return { number };
      },
    }),
    sign: defineVerb({
      ...double,
      guests: undefined,
      summary: 'Is not for guests',
      handle: () => Promise.resolve({ number: 1 }),
    }),
  },
  follows: [],
});

let shop: ShopDatabase;
let node: OpenRealtime;
/** A connection that joins no namespace, from the start: nothing else of this file takes as long as the server waits for it. */
let idle: { readonly since: number; readonly ended: Promise<readonly string[]> };

beforeAll(async () => {
  shop = await openShopDatabase();
  node = await openRealtimeNode(shop, {
    namespaces: [ODD],
    browserOrigins: 'https://shop.example',
    realtime: { roomsPerSocket: 5, connectionsPerAddress: 60 },
  });
  idle = { since: Date.now(), ended: speakRaw() };
});
afterAll(async () => {
  await node.close();
  await shop.close();
});

/** Sends packets of Engine.IO as they are, some after each of the first messages, and waits for the end of the connection. */
async function speakRaw(...turns: readonly (readonly string[])[]): Promise<string[]> {
  const raw = new WebSocket(`${node.url.replace('http', 'ws')}/ws/?EIO=4&transport=websocket`);
  const heard: string[] = [];
  const ended = new Promise((resolve) => raw.addEventListener('close', resolve));
  raw.addEventListener('message', ({ data }) => {
    heard.push(String(data));
    for (const packet of turns[heard.length - 1] ?? []) raw.send(packet);
  });
  await ended;
  return heard;
}

const deep = (levels: number): unknown =>
  JSON.parse(`${'{"inner":'.repeat(levels)}1${'}'.repeat(levels)}`) as unknown;

describe('a frame', () => {
  test.each([
    ['null', null],
    ['a list', [{ number: 1 }]],
    ['text', 'number'],
    ['a number', 4],
    ['nothing', undefined],
    ['unknown fields', { number: 1, other: 1 }],
    ['a field of another type', { number: '1' }],
    ['no field', {}],
    ['a prototype', JSON.parse('{"number":1,"__proto__":{"number":2}}')],
    ['too deep an object', { number: 1, inner: deep(2_000) }],
    ['bytes', Buffer.from('bytes')],
    ['bytes in a field', { number: Buffer.from('bytes') }],
  ])('with %s is refused and named', async (_what, input) => {
    const client = await node.connect('/odd');
    const answer = await new Promise((resolve) => client.socket.emit('double', input, resolve));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'request.invalid', status: 422 } });
    expect(await client.get('double', { number: 2 })).toEqual({ number: 4 });
    client.close();
  });

  test.each(['throws', 'rejects', 'unanswerable'])('whose verb %s is answered as a failure', async (verb) => {
    const client = await node.connect('/odd');
    expect(await client.call(verb, { number: 1 })).toMatchObject({
      ok: false,
      problem: { code: 'service.failed', status: 500 },
    });
    expect(await client.get('double', { number: 2 })).toEqual({ number: 4 });
    client.close();
  });

  test('for an unknown verb, or one that every object has, is refused', async () => {
    const client = await node.connect('/odd');
    for (const verb of ['nothing', 'constructor', 'toString']) {
      expect(await client.call(verb)).toMatchObject({ problem: { code: 'socket.verb_unknown' } });
    }
    client.close();
  });

  test('with several inputs is refused, and one without an ack does nothing', async () => {
    const client = await node.connect('/odd');
    const answer = await new Promise((resolve) => client.socket.emit('double', { number: 1 }, 2, resolve));
    expect(answer).toMatchObject({ problem: { code: 'request.invalid' } });
    client.socket.emit('join', { number: 1 });
    client.socket.emit('join');
    expect(await client.get('double', { number: 2 })).toEqual({ number: 4 });
    expect(await node.metric('realtime_frames_total', { verb: 'join', code: 'no_ack' })).toBe(2);
    client.close();
  });

  test.each([
    ['an unknown type of Engine.IO', '9'],
    ['an unknown type of Socket.IO', '4x/odd,'],
    ['no JSON', '42/odd,["double"'],
    ['no list', '42/odd,{}'],
    ['an event of Socket.IO itself', '42/odd,1["disconnect",{"number":1}]'],
    ['a name that is no text', '42/odd,1[null,{"number":1}]'],
    ['an answer that nobody asked for', '43/odd,1[]', '9'],
    ['a namespace that it has not joined', '42/other,1["double",{"number":1}]'],
    ['a second join', '40/odd,'],
    ['bytes that never come', '451-/odd,1["double",{"_placeholder":true,"num":0}]', '42/odd,["double"]'],
  ])('of %s ends the connection and nothing else', async (_what, ...packets) => {
    const heard = await speakRaw(['40/odd,'], ['42/odd,0["double",{"number":1}]'], packets);
    expect(heard[2]).toBe('43/odd,0[{"ok":true,"result":{"number":2}}]');
    const client = await node.connect('/odd');
    expect(await client.get('double', { number: 2 })).toEqual({ number: 4 });
    client.close();
  });

  test('for people who have signed in is refused to a guest', async () => {
    const client = await node.connect('/odd');
    expect(await client.call('sign', { number: 1 })).toMatchObject({
      problem: { code: 'access.token_missing' },
    });
    client.close();
  });

  test('larger than allowed ends the connection', async () => {
    const client = await node.connect('/odd');
    client.socket.emit('double', { number: 1, text: 'x'.repeat(65_537) }, () => undefined);
    expect(await client.closed()).toBe('transport close');
  });

  test('with more attachments than allowed ends the connection', async () => {
    const client = await node.connect('/odd');
    const bytes = Array.from({ length: 11 }, () => Buffer.from('x'));
    client.socket.emit('double', { number: 1, bytes }, () => undefined);
    expect(await client.closed()).toBe('transport close');
  });
});

describe('a flood', () => {
  test('of frames is refused beyond the burst, and then ends the socket', async () => {
    const client = await node.connect('/odd');
    const codes: string[] = [];
    for (let count = 0; count < 10_000; count += 1) {
      client.socket.emit('double', { number: count }, (answer: { ok: boolean; problem?: { code: string } }) =>
        codes.push(answer.problem?.code ?? 'ok'),
      );
    }
    expect(await client.closed()).toBe('io server disconnect');
    expect(codes.length).toBeLessThan(200);
    expect(codes.filter((code) => code === 'request.too_many')).toHaveLength(10);
  });

  test('of joins ends the connection before it costs much', async () => {
    const heard = await speakRaw(Array.from({ length: 2_000 }, () => '40/odd,'));
    // The first message is Engine.IO's.
    expect(heard.slice(1).filter((packet) => packet.includes('"sid"')).length).toBeLessThanOrEqual(1);
    await eventually(
      () => node.metric('realtime_sockets'),
      (open) => open === 0,
    );
  });

  test('of few joins at once, of which none is done yet, ends the connection', async () => {
    const heard = await speakRaw(Array.from({ length: 5 }, () => '40/odd,'));
    expect(heard.slice(1).filter((packet) => packet.includes('"sid"')).length).toBeLessThanOrEqual(1);
  });

  test('is not a join that follows the end of the last one', async () => {
    const leave = ['41/odd,', '40/nowhere,'];
    const heard = await speakRaw(['40/odd,'], leave, ['40/odd,'], ['42/odd,0["double",{"number":1}]'], ['9']);
    expect(heard.at(-1)).toBe('43/odd,0[{"ok":true,"result":{"number":2}}]');
  });

  test('of attempts to join what is not there ends the connection', async () => {
    const heard = await speakRaw(Array.from({ length: 5_000 }, () => '40/nowhere,'));
    const refused = heard.filter((packet) => packet.startsWith('44/nowhere'));
    expect(refused.length).toBeLessThan(4_000);
  });

  test('of subscriptions meets the rate of frames, and what was accepted stays', async () => {
    const client = await node.connect('/odd');
    const answers = await Promise.all(Array.from({ length: 45 }, () => client.call('join', { number: 1 })));
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(40);
    expect(answers.at(-1)).toMatchObject({ problem: { code: 'request.too_many' } });
    client.close();
  });

  test('of 1,000 subscriptions in one go ends the socket, and serves others meanwhile', async () => {
    const [greedy, calm] = [await node.connect('/odd'), await node.connect('/odd')];
    const before = await node.metric('realtime_frames_total', { verb: 'join', code: 'ok' });
    for (let count = 0; count < 1_000; count += 1) greedy.socket.emit('join', { number: 1 }, () => undefined);
    expect(await calm.get('double', { number: 2 })).toEqual({ number: 4 });
    expect(await greedy.closed()).toBe('io server disconnect');
    const served = (await node.metric('realtime_frames_total', { verb: 'join', code: 'ok' })) - before;
    expect(served).toBeLessThanOrEqual(40);
    calm.close();
  });

  test('of calls meets the limit of the verb', async () => {
    const client = await node.connect('/odd');
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await client.call('rare', { number: 1 }));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, false]);
    client.close();
  });

  test('of rooms meets the limit of the socket', async () => {
    const client = await node.connect('/odd');
    const answers = [];
    for (let number = 0; number < 6; number += 1) answers.push(await client.call('join', { number }));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true, false]);
    expect(answers.at(-1)).toMatchObject({ problem: { code: 'socket.rooms_too_many', limit: 5 } });
    client.close();
  });

  test('of connections from one address meets its limit', async () => {
    const clients = await Promise.allSettled(Array.from({ length: 65 }, () => node.connect('/odd')));
    expect(clients.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(5);
    expect(await node.metric('realtime_refused_total', { reason: 'address' })).toBeGreaterThanOrEqual(5);
    for (const client of clients) if (client.status === 'fulfilled') client.value.close();
    await eventually(
      () => node.metric('realtime_connections'),
      (open) => open < 10,
    );
  });
});

describe('a connection', () => {
  test('to the namespace of all, or to none of ours, is refused', async () => {
    await expect(node.connect('/')).rejects.toThrow('route.not_found');
    await expect(node.connect('/nothing')).rejects.toThrow('Invalid namespace');
  });

  test.each([
    [{ token: 'a.b.c' }, 'access.token_invalid'],
    [{ ticket: 'abc' }, 'auth.ticket_invalid'],
    [{ token: 5 }, 'request.invalid'],
    [{ other: 'x' }, 'request.invalid'],
  ])('with %j is refused with a problem', async (auth, code) => {
    const refused = await node.connect('/odd', auth).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConnectRefused);
    expect((refused as ConnectRefused).problem).toMatchObject({
      code,
      requestId: expect.any(String) as string,
    });
  });

  test.each([
    ['a page of another shop', { origin: 'https://other.example' }, '', 'refused'],
    ['a page of the shop', { origin: 'https://shop.example' }, '', 'open'],
    ['a program', {}, '', 'open'],
    ['a token in the address', {}, '&token=abc', 'refused'],
  ])('from %s is %s', async (_who, extraHeaders, query, outcome) => {
    const socket = io(`${node.url}/odd?x=1${query}`, {
      path: '/ws',
      transports: ['websocket'],
      extraHeaders,
      reconnection: false,
      forceNew: true,
    });
    const seen = await new Promise((resolve) => {
      socket.once('connect', () => resolve('open'));
      socket.once('connect_error', () => resolve('refused'));
    });
    expect(seen).toBe(outcome);
    socket.close();
  });

  test.each([
    ['an old protocol', '/ws/?EIO=3&transport=polling', 400],
    ['an unknown session', '/ws/?EIO=4&transport=polling&sid=nothing', 400],
    ['no transport', '/ws/?EIO=4', 400],
    ['liveness', '/health/live', 200],
    ['readiness', '/health/ready', 200],
    ['nothing of ours', '/other', 404],
  ])('for %s is answered', async (_what, path, status) => {
    const answered = await new Promise((resolve, reject) => {
      request(`${node.url}${path}`, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(status);
  });
});

test('a connection that joins no namespace is closed after 10 s', async () => {
  const heard = await idle.ended;
  expect(heard.map((packet) => packet[0])).toEqual(['0']);
  expect(Date.now() - idle.since).toBeGreaterThanOrEqual(9_900);
});
