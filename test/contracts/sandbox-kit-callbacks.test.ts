import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { PATIENCE } from '../support/patience';
import {
  pigeonCaller,
  receiveNotices,
  type NoticeReceiver,
  type PigeonCaller,
} from '../support/pigeon-caller';
import { pigeonPost, seal } from '../support/pigeon-post';

const FROZEN_AT = Date.parse('2026-03-21T00:00:00Z');

let folder: string;
let sandbox: RunningProvider;
let pigeon: PigeonCaller;
let shop: NoticeReceiver;

async function start(): Promise<void> {
  sandbox = await startProvider(pigeonPost, { port: 0, folder });
  pigeon = pigeonCaller(sandbox.url);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-callbacks-'));
  await start();
  shop = await receiveNotices(200);
  await pigeon.control('POST', '/clock', { freeze: FROZEN_AT });
});
afterEach(async () => {
  await sandbox.stop();
  await shop.close();
  rmSync(folder, { recursive: true });
});

const rule = (body: object) => pigeon.control('POST', '/callbacks', body);
const advance = (ms: number) => pigeon.control('POST', '/clock', { advanceMs: ms });

async function send(url = shop.url): Promise<string> {
  return (await pigeon.send({ to: 'Shiraz', text: 'سلام', notifyUrl: url })).body.id as string;
}

/** Sends letters that arrive one after the other. */
async function arrive(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let letter = 0; letter < count; letter += 1) {
    ids.push(await send());
    await advance(5_000);
    await expect
      .poll(async () => (await pigeon.get(`/v1/letters/${ids.at(-1)}`)).body.state, PATIENCE)
      .toBe('delivered');
  }
  return ids;
}

const received = () => shop.notices.map(({ body }) => (JSON.parse(body) as { id: string }).id);
const deliveries = async () => (await pigeon.control('GET', '/journal?kind=callback')).body.entries;

describe('a callback', () => {
  it('carries headers that are made when it is sent, on the clock of the sandbox', async () => {
    const [id] = await arrive(1);
    await expect.poll(() => shop.notices, PATIENCE).toHaveLength(1);
    const [notice] = shop.notices;
    expect(notice).toEqual({
      body: JSON.stringify({ id, state: 'delivered' }),
      seal: seal(notice!.body, FROZEN_AT + 5_000),
    });
    await expect
      .poll(deliveries, PATIENCE)
      .toMatchObject([{ letterId: id, seal: 'right', answered: 200, error: null }]);
  });

  it('lies as a rule of the provider says', async () => {
    await rule({ wrongSeal: true });
    await arrive(1);
    await expect.poll(() => shop.notices.map((notice) => notice.seal), PATIENCE).toEqual(['broken']);
  });

  it('is duplicated', async () => {
    await rule({ copies: 3 });
    const [id] = await arrive(1);
    await expect.poll(received, PATIENCE).toEqual([id, id, id]);
  });

  it('is suppressed, for one target only', async () => {
    const first = await send();
    await rule({ letterId: first, suppress: true });
    await advance(5_000);
    const [second] = await arrive(1);
    await expect.poll(received, PATIENCE).toEqual([second]);
  });

  it('is late', async () => {
    await rule({ delayMs: 120 });
    const began = performance.now();
    await arrive(1);
    await expect.poll(received, PATIENCE).toHaveLength(1);
    expect(performance.now() - began).toBeGreaterThan(110);
  });

  it('is so late that the next one comes first', async () => {
    await rule({ delayMs: 3_600_000 });
    const [, second] = await arrive(2);
    await expect.poll(received, PATIENCE).toEqual([second]);
  });

  it('is reordered: the first waits for the second', async () => {
    await rule({ reorder: 2, times: 2 });
    const ids = await arrive(2);
    await expect.poll(received, PATIENCE).toEqual(ids.toReversed());
  });

  it('is held until a release, also over a restart, in both orders', async () => {
    await rule({ hold: true, times: null });
    const ids = await arrive(2);
    await expect
      .poll(async () => (await pigeon.control('GET', '/callbacks')).body.held, PATIENCE)
      .toHaveLength(2);
    await sandbox.stop();
    await start();
    const { body } = await pigeon.control('POST', '/callbacks/release', { order: 'reverse' });
    expect(body.deliveries).toMatchObject(ids.toReversed().map((letterId) => ({ letterId, answered: 200 })));
    expect(received()).toEqual(ids.toReversed());
    const more = await arrive(2);
    await expect
      .poll(async () => (await pigeon.control('GET', '/callbacks')).body.held, PATIENCE)
      .toHaveLength(2);
    await pigeon.control('POST', '/callbacks/release');
    expect(received().slice(2)).toEqual(more);
    await pigeon.control('DELETE', '/callbacks');
    expect((await pigeon.control('GET', '/callbacks')).body).toEqual({ rules: [], held: [] });
  });
});

describe('a callback that was not taken', () => {
  it('comes again on the clock of the sandbox, with a new seal, until it is taken', async () => {
    const busy = await receiveNotices(500, 503, 200);
    const id = await send(busy.url);
    await advance(5_000);
    await expect.poll(deliveries, PATIENCE).toHaveLength(1);
    await advance(999);
    expect(busy.notices).toHaveLength(1);
    await advance(1);
    await expect.poll(deliveries, PATIENCE).toHaveLength(2);
    await advance(60_000);
    await expect.poll(deliveries, PATIENCE).toMatchObject([
      { letterId: id, answered: 500 },
      { letterId: id, answered: 503, attempt: 2 },
      { letterId: id, answered: 200, attempt: 3 },
    ]);
    expect(new Set(busy.notices.map((notice) => notice.seal)).size).toBe(3);
    await busy.close();
  });

  it('comes again after a restart', async () => {
    const busy = await receiveNotices(500, 200);
    await send(busy.url);
    await advance(5_000);
    await expect.poll(deliveries, PATIENCE).toHaveLength(1);
    await sandbox.stop();
    await start();
    await advance(1_000);
    await expect.poll(() => busy.notices, PATIENCE).toHaveLength(2);
    await busy.close();
  });

  it('is given up when the provider gives up, and says what went wrong', async () => {
    await send('http://127.0.0.1:9/nobody');
    for (const [index, ms] of [5_000, 1_000, 60_000].entries()) {
      await advance(ms);
      await expect.poll(deliveries, PATIENCE).toHaveLength(index + 1);
    }
    await advance(24 * 3_600_000);
    expect(await deliveries()).toMatchObject(
      [1, 2, 3].map(() => ({ answered: null, error: expect.any(String) })),
    );
  });
});
