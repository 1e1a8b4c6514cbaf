import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { pigeonCaller, type PigeonCaller } from '../support/pigeon-caller';
import { pigeonPost } from '../support/pigeon-post';

const LETTER = { to: 'Shiraz', text: 'سلام' };
const SENT = { id: expect.any(String), state: 'flying', grams: 12 };

let sandbox: RunningProvider;
let pigeon: PigeonCaller;

beforeAll(async () => {
  sandbox = await startProvider(pigeonPost, { port: 0 });
  pigeon = pigeonCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(() => pigeon.control('POST', '/reset'));

const fault = (body: object) => pigeon.control('POST', '/faults', body);
const sentLetters = async () => (await pigeon.control('GET', '/letters')).body.total as number;

/** What a client with a short patience gets: an answer, or the name of its failure. */
async function sendImpatiently(): Promise<string> {
  const leaving = new AbortController();
  const answer = fetch(`${sandbox.url}/v1/letters`, {
    method: 'POST',
    body: JSON.stringify(LETTER),
    signal: leaving.signal,
  }).then(
    (response) => response.text(),
    (error: Error) => (error.name === 'TimeoutError' ? 'timeout' : 'cut'),
  );
  // The fault has struck: patience ends from here on, however busy the machine is.
  const faults = async () => (await pigeon.control('GET', '/faults')).body.faults;
  await expect.poll(faults).toEqual([]);
  setTimeout(() => leaving.abort(new DOMException('no answer', 'TimeoutError')), 100);
  return answer;
}

describe('a fault that gives no answer', () => {
  it.each([
    ['timeout', 'before', 'timeout', 0],
    ['timeout', 'after', 'timeout', 1],
    ['reset', 'before', 'cut', 0],
    ['reset', 'after', 'cut', 1],
  ])('%s %s the effect', async (kind, when, seen, letters) => {
    await fault({ kind, when, endpoint: 'send' });
    expect(await sendImpatiently()).toBe(seen);
    expect(await sentLetters()).toBe(letters);
    expect((await pigeon.send(LETTER)).status).toBe(201);
  });
});

describe('a fault that answers something else', () => {
  it.each([
    [{ kind: 'html' }, 502, expect.stringMatching(/^<!DOCTYPE html>.*502/)],
    [{ kind: 'html', status: 503 }, 503, expect.stringContaining('503')],
    [{ kind: 'blank' }, 200, ''],
    [{ kind: 'blank', status: 500 }, 500, ''],
    [{ kind: 'body', body: { odd: [true] } }, 200, { odd: [true] }],
    [{ kind: 'body', body: 'hello', status: 607 }, 607, 'hello'],
    [{ kind: 'rain' }, 503, { rain: 10 }],
    [{ kind: 'rain', mm: 3 }, 503, { rain: 3 }],
  ])('%j: before the effect and once, or after it', async (body, status, answer) => {
    await fault(body);
    expect(await pigeon.send(LETTER)).toEqual({ status, body: answer });
    expect(await sentLetters()).toBe(0);
    await fault({ ...body, when: 'after' });
    expect(await pigeon.send(LETTER)).toEqual({ status, body: answer });
    expect(await sentLetters()).toBe(1);
    expect(await pigeon.send(LETTER)).toEqual({ status: 201, body: SENT });
  });
});

describe('a fault that spoils the true answer', () => {
  it.each([
    [{ as: 'list' }, [SENT]],
    [{ as: 'null' }, null],
    [{ as: 'wrapped' }, { result: SENT }],
    [{ as: 'text' }, expect.stringMatching(/^\{"id":/)],
    [{ as: 'strings' }, { ...SENT, grams: '12' }],
    [{ without: ['id'] }, { state: 'flying', grams: 12 }],
    [{ as: 'list', without: ['id', 'grams'] }, [{ state: 'flying' }]],
  ])('misshapen %j', async (body, answer) => {
    await fault({ kind: 'misshapen', ...body });
    expect(await pigeon.send(LETTER)).toEqual({ status: 201, body: answer });
    expect(await sentLetters()).toBe(1);
  });

  it('leaves a page as it is, which has no shape', async () => {
    await fault({ kind: 'misshapen', as: 'null' });
    expect((await pigeon.get('/inbox')).body).toContain('<html');
  });

  it('breaks JSON off in the middle', async () => {
    await fault({ kind: 'truncated' });
    await expect(pigeon.send(LETTER)).rejects.toThrow(SyntaxError);
    expect(await sentLetters()).toBe(1);
  });

  it('is slow', async () => {
    await fault({ kind: 'slow', ms: 120 });
    const began = performance.now();
    expect(await pigeon.send(LETTER)).toEqual({ status: 201, body: SENT });
    expect(performance.now() - began).toBeGreaterThan(110);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('is slow %s the effect', async (when, letters) => {
    await fault({ kind: 'slow', ms: 3_600_000, when });
    expect(await sendImpatiently()).toBe('timeout');
    expect(await sentLetters()).toBe(letters);
  });
});

describe('what a fault hits', () => {
  it('is one endpoint, one target, or everybody', async () => {
    await fault({ kind: 'blank', endpoint: 'status', times: null });
    const { body } = await pigeon.send(LETTER);
    expect((await pigeon.get(`/v1/letters/${body.id}`)).body).toBe('');
    await pigeon.control('DELETE', '/faults');
    await fault({ kind: 'blank', to: 'Tabriz' });
    expect((await pigeon.send(LETTER)).status).toBe(201);
    expect((await pigeon.send({ ...LETTER, to: 'Tabriz' })).body).toBe('');
    await fault({ kind: 'blank', letterId: body.id });
    expect((await pigeon.get(`/v1/letters/${body.id}`)).body).toBe('');
  });

  it('is so many calls, first come first served, until cleared', async () => {
    await fault({ kind: 'blank', status: 500, times: 2 });
    const { body } = await fault({ kind: 'blank', status: 501, times: null });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await pigeon.send(LETTER)).status);
    expect(statuses).toEqual([500, 500, 501, 501]);
    await pigeon.control('DELETE', `/faults/${body.id}`);
    expect((await pigeon.send(LETTER)).status).toBe(201);
  });

  it('is written to the journal, with the true answer where there was one', async () => {
    await fault({ kind: 'blank' });
    await pigeon.send(LETTER);
    await fault({ kind: 'blank', when: 'after' });
    await pigeon.send(LETTER);
    const { entries } = (await pigeon.control('GET', '/journal?kind=request')).body;
    expect(entries).toMatchObject([
      { endpoint: 'send', fault: { kind: 'blank', when: 'before' } },
      { endpoint: 'send', fault: { kind: 'blank', when: 'after' }, answer: { state: 'flying' } },
    ]);
    expect(entries[0]).not.toHaveProperty('answer');
  });
});
