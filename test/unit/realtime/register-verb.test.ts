import { expect, test } from 'vitest';

import { createMetrics } from '../../../platform/metrics';
import { registerVerbs } from '../../../realtime/register-verb';
import { defineVerb, type Answer, type SocketContext, type Verb } from '../../../realtime/registry';
import { createTurns } from '../../../realtime/turns';
import { SILENT } from '../../support/journal';

class Anything {}

/** A socket that asks one verb, which waits until `goOn`. Its rate is no limit. */
function ask({ isBehind = false, allowed = true, turns = createTurns(5) } = {}) {
  let listener: (...frame: unknown[]) => void = () => undefined;
  let goOn: (answer: object) => void = () => undefined;
  const gate = new Promise<object>((resolve) => (goOn = resolve));
  let begun = 0;
  const slow = defineVerb({
    summary: 'Waits',
    input: Anything,
    answer: Anything,
    action: 'order.read',
    guests: true,
    async handle() {
      begun += 1;
      return gate;
    },
  }) as unknown as Verb;
  const closed: true[] = [];
  const socket = { connected: true };
  const counts: unknown[][] = [];
  registerVerbs(
    {
      namespace: '/test',
      verbs: { slow },
      context: {
        ...{ caller: undefined, log: SILENT },
        rateLimiter: {
          consume(...counted: unknown[]) {
            counts.push(counted);
            return Promise.resolve({ allowed, remaining: 0, retryAfterSeconds: 7 });
          },
        },
      } as unknown as SocketContext,
      address: '198.51.100.7',
      turns,
      isBehind: () => isBehind,
      socket: Object.assign(socket, {
        onAny: (heard: typeof listener) => (listener = heard),
        disconnect: (close: true) => closed.push(close),
      }),
    },
    { framesPerSecond: 1_000_000, framesAtOnce: 5 },
    createMetrics(),
  );
  const codes: string[] = [];
  return {
    codes,
    closed,
    counts,
    begun: () => begun,
    goOn: () => goOn({}),
    leave: () => (socket.connected = false),
    async send() {
      listener('slow', {}, (answer: Answer) => codes.push(answer.ok ? 'ok' : answer.problem.code));
      await new Promise(setImmediate);
    },
  };
}

test('frames that wait for a slow verb are bounded, and are served in turn once it goes on', async () => {
  const asked = ask();
  for (let count = 0; count < 8; count += 1) await asked.send();
  expect(asked.codes).toEqual(Array.from({ length: 3 }, () => 'request.too_many'));
  expect(asked.begun()).toBe(1);

  asked.goOn();
  await expect.poll(() => asked.codes.filter((code) => code === 'ok')).toHaveLength(5);
  await asked.send();
  expect(asked.codes.at(-1)).toBe('ok');
  expect(asked.closed).toEqual([]);
});

test('a client that takes less than it gets is served nothing more', async () => {
  const asked = ask({ isBehind: true });
  await asked.send();
  expect(asked.codes).toEqual(['request.too_many']);
  expect(asked.begun()).toBe(0);
});

test('a verb without a limit of its own counts for its person in all sockets of the namespace', async () => {
  const asked = ask({ allowed: false });
  await asked.send();
  expect(asked.counts).toEqual([['/test', '198.51.100.7', { limit: 6_000, windowSeconds: 60 }]]);
  await expect.poll(() => asked.codes).toEqual(['request.too_many']);
  expect(asked.begun()).toBe(0);
});

test('verbs of one caller run a few at once, on however many sockets: others wait, and those whose client has gone are left out', async () => {
  const turns = createTurns(2);
  const asked = Array.from({ length: 5 }, () => ask({ turns }));
  for (const each of asked) await each.send();
  const [first, second, third, fourth, fifth] = asked;
  expect(asked.map(({ begun }) => begun())).toEqual([1, 1, 0, 0, 0]);

  third!.leave();
  first!.goOn();
  await expect.poll(() => asked.map(({ begun }) => begun())).toEqual([1, 1, 0, 1, 0]);
  second!.goOn();
  await expect.poll(() => fifth!.begun()).toBe(1);
  for (const each of [fourth!, fifth!]) each.goOn();
  await expect.poll(() => asked.map(({ codes }) => codes)).toEqual([['ok'], ['ok'], [], ['ok'], ['ok']]);
});
