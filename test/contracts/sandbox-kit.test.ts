import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { STORE_FILE } from '../../sandbox/kit/kit';
import type { Provider } from '../../sandbox/kit/provider';
import { startProvider, type RunningProvider, type StartOptions } from '../../sandbox/kit/start-provider';
import { askHost } from '../support/ask-host';
import { PATIENCE } from '../support/patience';
import { pigeonCaller, type PigeonCaller } from '../support/pigeon-caller';
import { pigeonPost } from '../support/pigeon-post';

const LETTER = { to: 'Shiraz', text: 'سلام' };
const folder = mkdtempSync(join(tmpdir(), 'sandbox-kit-'));
let running: RunningProvider[] = [];
let url: string;
let pigeon: PigeonCaller;

async function start(options: Partial<StartOptions> = {}, provider: Provider = pigeonPost) {
  const sandbox = await startProvider(provider, { port: 0, ...options });
  running.push(sandbox);
  return { url: sandbox.url, pigeon: pigeonCaller(sandbox.url, provider.controlPrefix) };
}

async function restart(options: Partial<StartOptions>) {
  await running.pop()!.stop();
  return start(options);
}

beforeEach(async () => ({ url, pigeon } = await start()));
afterEach(async () => {
  await Promise.all(running.map((sandbox) => sandbox.stop()));
  running = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the store', () => {
  it('survives a restart: records, clock, switches, faults, rules, journal and tasks', async () => {
    const options = { folder: join(folder, 'restart') };
    const before = (await start(options)).pigeon;
    await before.control('POST', '/clock', { freeze: '2026-03-21T00:00:00Z' });
    await before.control('PATCH', '/switches', { flightMs: 1_000 });
    await before.control('POST', '/callbacks', { suppress: true });
    const { id } = (await before.send(LETTER)).body;
    await before.control('POST', '/faults', { kind: 'blank', endpoint: 'send' });
    const { entries } = (await before.control('GET', '/journal')).body;

    const after = (await restart(options)).pigeon;
    expect((await after.control('GET', '/journal')).body.entries).toEqual(entries);
    expect((await after.control('GET', '/clock')).body).toEqual({
      now: '2026-03-21T00:00:00.000Z',
      frozen: true,
      offsetMs: 0,
    });
    expect((await after.control('GET', '/switches')).body).toEqual({ flightMs: 1_000, outcome: 'delivered' });
    expect((await after.control('GET', '/faults')).body.faults).toMatchObject([{ kind: 'blank', times: 1 }]);
    expect((await after.control('GET', '/callbacks')).body.rules).toMatchObject([{ suppress: true }]);
    expect((await after.get(`/v1/letters/${id}`)).body).toMatchObject({ state: 'flying', to: 'Shiraz' });
    await after.control('POST', '/clock', { advanceMs: 1_000 });
    await expect
      .poll(async () => (await after.get(`/v1/letters/${id}`)).body.state, PATIENCE)
      .toBe('delivered');
  });

  it('survives a torn write', async () => {
    const options = { folder: join(folder, 'torn') };
    const { id } = (await (await start(options)).pigeon.send(LETTER)).body;
    await running.pop()!.stop();
    appendFileSync(join(options.folder, STORE_FILE), '["letters","7",{"id":');

    const after = (await start(options)).pigeon;
    const second = (await after.send(LETTER)).body.id;
    const again = (await restart(options)).pigeon;
    expect((await again.control('GET', '/letters')).body.letters).toMatchObject([{ id: second }, { id }]);
  });

  it('forgets by a reset, also after a restart, but gives no number twice', async () => {
    const options = { folder: join(folder, 'reset'), machineNow: () => 0 };
    const before = (await start(options)).pigeon;
    const first = (await before.send(LETTER)).body.id;
    await before.control('POST', '/reset');
    const after = (await restart(options)).pigeon;
    expect((await after.control('GET', '/letters')).body).toEqual({ total: 0, letters: [] });
    expect(Number((await after.send(LETTER)).body.id)).toBeGreaterThan(Number(first));
  });

  it('keeps as many records as it may, and forgets one that is over first', async () => {
    await pigeon.control('POST', '/clock', { freeze: true });
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.push((await pigeon.send(LETTER)).body.id);
      if (count === 1) await pigeon.control('POST', '/clock', { advanceMs: 4_000 });
    }
    await pigeon.control('POST', '/clock', { advanceMs: 1_000 });
    await expect
      .poll(async () => (await pigeon.control('GET', '/letters?state=delivered')).body.total, PATIENCE)
      .toBe(2);
    const newest = (await pigeon.send(LETTER)).body.id;
    const { letters } = (await pigeon.control('GET', '/letters')).body;
    expect(letters.map(({ id }: { id: string }) => id)).toEqual([newest, ids[2], ids[1]]);
  });
});

describe('several providers in one process', () => {
  it('share nothing: each has its store and the prefix of its control API', async () => {
    const other: Provider = { ...pigeonPost, name: 'other-post', controlPrefix: '/_other' };
    const one = await start({ folder: join(folder, 'several', pigeonPost.name) });
    const two = await start({ folder: join(folder, 'several', other.name) }, other);
    await one.pigeon.send(LETTER);
    await two.pigeon.control('POST', '/faults', { kind: 'blank', times: null });
    expect((await two.pigeon.control('GET', '/letters')).body.total).toBe(0);
    expect((await two.pigeon.send(LETTER)).body).toBe('');
    expect((await one.pigeon.send(LETTER)).status).toBe(201);
    expect((await two.pigeon.get('/_sandbox/letters')).status).toBe(404);
  });
});

describe('the clock', () => {
  it('stands still, moves, runs on and goes back to real time', async () => {
    const change = async (body: object) => (await pigeon.control('POST', '/clock', body)).body;
    expect(await change({ freeze: 0, advanceMs: 5 })).toEqual({
      now: '1970-01-01T00:00:00.005Z',
      frozen: true,
      offsetMs: 0,
    });
    expect(await change({ advanceMs: -5 })).toMatchObject({ now: '1970-01-01T00:00:00.000Z' });
    expect((await change({ thaw: true })).frozen).toBe(false);
    expect(await change({ reset: true })).toMatchObject({ frozen: false, offsetMs: 0 });
  });

  it('brings what is due, and nothing while it stands still', async () => {
    await pigeon.control('POST', '/clock', { freeze: true });
    const { id } = (await pigeon.send(LETTER)).body;
    await pigeon.control('POST', '/clock', { advanceMs: 4_999 });
    expect((await pigeon.get(`/v1/letters/${id}`)).body.state).toBe('flying');
    await pigeon.control('POST', '/clock', { advanceMs: 1 });
    await expect
      .poll(async () => (await pigeon.get(`/v1/letters/${id}`)).body.state, PATIENCE)
      .toBe('delivered');
  });
});

describe('the control API', () => {
  it('shows where everything is and how things stand', async () => {
    expect((await pigeon.control('GET', '')).body).toMatchObject({
      letters: 0,
      control: expect.arrayContaining([`${url}/_sandbox/letters`, `${url}/_sandbox/faults`]),
      clock: { frozen: false },
      switches: { flightMs: 5_000 },
      faults: 0,
      callbackRules: 0,
      heldCallbacks: 0,
    });
  });

  it.each([
    ['POST', '/faults', { kind: 'explode' }, 400, /kind is one of timeout, reset, .*rain/],
    ['POST', '/faults', {}, 400, /kind is one of/],
    ['POST', '/faults', { kind: 'slow', ms: -1 }, 400, /ms is a whole number from 0 to/],
    ['POST', '/faults', { kind: 'html', endpoint: 'nowhere' }, 400, /endpoint is one of send, status, inbox/],
    ['POST', '/faults', { kind: 'html', tmes: 2 }, 400, /unknown: tmes; known: .*times/],
    ['POST', '/faults', { kind: 'html', status: 99 }, 400, /status/],
    ['POST', '/faults', { kind: 'timeout', ms: 1 }, 400, /unknown: ms/],
    ['POST', '/faults', { kind: 'rain', mm: 'much' }, 400, /mm/],
    ['POST', '/callbacks', { copies: 0 }, 400, /copies/],
    ['POST', '/callbacks', { wrongSeal: 'yes' }, 400, /wrongSeal is true or false/],
    ['POST', '/callbacks/release', { order: 'random' }, 400, /as-held, reverse/],
    ['POST', '/clock', { freeze: 'yesterday' }, 400, /freeze is true or an instant/],
    ['POST', '/clock', { advanceMs: 0.5 }, 400, /advanceMs/],
    ['PATCH', '/switches', { outcome: 'eaten' }, 400, /outcome is one of delivered, lost/],
    ['PATCH', '/switches', { constructor: 1 }, 400, /unknown: constructor/],
    ['GET', '/journal?endpiont=send', undefined, 400, /unknown: endpiont/],
    ['GET', '/letters?limit=0', undefined, 400, /limit/],
    ['GET', '/letters/7', undefined, 404, /no 7/],
    ['GET', '/nothing', undefined, 404, /no \/_sandbox\/nothing/],
    ['DELETE', '/clock', undefined, 405, /use .*GET/],
    ['POST', '/reset', [], 400, /not a JSON object/],
  ])('answers %s %s %j with %i', async (method, path, body, status, error) => {
    const answer = await pigeon.control(method, path, body);
    expect(answer).toEqual({ status, body: { error: expect.stringMatching(error) } });
  });

  it('takes JSON only, so that no page on the web can call it', async () => {
    const post = (body: string, type: string) =>
      fetch(`${url}/_sandbox/reset`, { method: 'POST', body, headers: { 'Content-Type': type } });
    expect((await post('{}', 'text/plain')).status).toBe(415);
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post('', 'application/json; charset=utf-8')).status).toBe(200);
  });

  it('takes a DELETE without a body or a Content-Type, as curl and fetch send it', async () => {
    const bare = (path: string, init: RequestInit = {}) =>
      fetch(`${url}/_sandbox${path}`, { method: 'DELETE', ...init });
    const { id } = (await pigeon.control('POST', '/faults', { kind: 'blank' })).body;
    await pigeon.control('PATCH', '/switches', { outcome: 'lost' });

    for (const path of [`/faults/${id}`, '/faults', '/callbacks', '/switches', '/journal']) {
      expect((await bare(path)).status, path).toBe(200);
    }
    expect((await pigeon.control('GET', '')).body.armed).toEqual([]);
    expect((await bare('/faults', { body: '{}' })).status).toBe(415);
  });

  it('says what is armed, and so does the page, which disarms it', async () => {
    const options = { folder: join(folder, 'armed') };
    const before = (await start(options)).pigeon;
    expect((await before.get('/')).body).not.toContain('Armed');
    await before.control('POST', '/faults', { kind: 'slow', ms: 10, endpoint: 'send', times: null });
    await before.control('POST', '/faults', { kind: 'blank', to: 'secret-7', when: 'after' });
    await before.control('POST', '/callbacks', { suppress: true, times: 2 });
    await before.control('PATCH', '/switches', { outcome: 'lost', flightMs: 5_000 });

    const { pigeon: after, url } = await restart(options);
    const armed = [
      'fault 1: slow, when before, endpoint send, ms 10, until cleared',
      'fault 2: blank, when after, to secret-***, 1 more',
      'callback rule 1: suppress, copies 1, 2 more',
      'switch outcome: lost',
    ];
    expect((await after.control('GET', '')).body.armed).toEqual(armed);
    const page = (await after.get('/', { 'Accept-Language': 'en' })).body as string;
    expect(page).toContain('Armed');
    for (const line of armed) expect(page).toContain(line);

    const press = (origin: string) =>
      fetch(`${url}/_sandbox/page/disarm`, { method: 'POST', headers: { origin }, redirect: 'manual' });
    expect((await press('http://elsewhere.example')).status).toBe(403);
    expect((await press(url)).status).toBe(303);
    expect((await after.control('GET', '')).body).toMatchObject({ armed: [], faults: 0, callbackRules: 0 });
  });

  it('reads the journal by kind, endpoint, target and place, with secrets hidden', async () => {
    await pigeon.send(LETTER);
    const { id } = (await pigeon.send({ to: 'Tabriz', text: 'secret-7' })).body;
    await pigeon.get(`/v1/letters/${id}`);
    const read = async (query: string) => (await pigeon.control('GET', `/journal?${query}`)).body.entries;
    expect(await read('kind=request&to=Tabriz')).toMatchObject([
      {
        endpoint: 'send',
        letterId: id,
        method: 'POST',
        status: 201,
        body: { text: 'secret-***' },
        answer: { grams: 12 },
      },
    ]);
    const ofLetter = await read(`letterId=${id}`);
    expect(ofLetter.map(({ kind }: { kind: string }) => kind)).toEqual(['state', 'request', 'request']);
    expect(await read(`letterId=${id}&after=${ofLetter[1].seq}`)).toMatchObject([{ endpoint: 'status' }]);
    await pigeon.control('DELETE', '/journal');
    expect(await read('kind=request')).toEqual([]);
  });
});

describe('addresses', () => {
  it('do not care about letter case or a slash at the end, unless the provider says so', async () => {
    const { id } = (await pigeon.send(LETTER)).body;
    expect((await pigeon.get(`/V1/Letters/${id}/`)).status).toBe(200);
    const literal = await start({}, { ...pigeonPost, literalPaths: true });
    const other = (await literal.pigeon.send(LETTER)).body.id;
    expect((await literal.pigeon.get(`/v1/letters/${other}/`)).status).toBe(404);
    expect((await literal.pigeon.get(`/V1/letters/${other}`)).status).toBe(404);
  });

  it("are the provider's alone under its own host name", async () => {
    const ask = (path: string, method = 'GET') =>
      askHost(url, 'api.pigeon.example', path, method === 'GET' ? undefined : {}, method);
    expect((await ask('/v1/letters', 'POST')).status).toBe(422);
    for (const path of ['/', '/health', '/_sandbox', '/inbox']) expect((await ask(path)).status).toBe(404);
  });

  it.each(['evil.example', 'sandbox.evil.example:4010', '127.0.0.1.evil.example', 'localhost.evil.example'])(
    'of the control API and the index page do not exist under the name %s, which may be made to lead here',
    async (host) => {
      expect((await askHost(url, host, '/_sandbox/clock', { advanceMs: 1_000 })).status).toBe(403);
      expect((await askHost(url, host, '/_sandbox/journal', undefined, 'GET')).status).toBe(403);
      expect((await askHost(url, host, '/', undefined, 'GET')).status).toBe(403);
      expect((await pigeon.control('GET', '/clock')).body.offsetMs).toBe(0);
    },
  );

  it.each(['127.0.0.1', '192.168.1.7:4010', '[::1]:4010', 'localhost:4010', 'sandbox:4010', 'a.localhost'])(
    'of the control API exist under %s',
    async (host) => {
      expect((await askHost(url, host, '/_sandbox/clock', {})).status).toBe(200);
    },
  );

  it('of the control API are not for pages of other origins', async () => {
    const ask = async (origin: string, method: string, path: string) => {
      const headers = { Origin: origin, 'Content-Type': 'application/json' };
      const response = await fetch(`${url}/_sandbox${path}`, {
        method,
        headers,
        ...(method === 'GET' ? {} : { body: '{}' }),
      });
      return response.status;
    };
    const { port } = new URL(url);
    for (const origin of [
      'https://evil.example',
      'http://localhost:5173',
      `https://127.0.0.1:${port}`,
      'null',
    ]) {
      expect(await ask(origin, 'POST', '/reset'), origin).toBe(403);
      expect(await ask(origin, 'DELETE', '/faults'), origin).toBe(403);
      expect(await ask(origin, 'GET', '/journal'), origin).toBe(403);
    }
    expect(await ask(url, 'POST', '/clock')).toBe(200);
  });

  it('may be whole URLs, as a client sends them to a proxy', async () => {
    const { body } = await askHost(url, 'elsewhere', 'http://api.pigeon.example/v1/letters', LETTER);
    expect(body).toMatchObject({ state: 'flying' });
  });

  it.each([
    ['GET', '/v1/letters', 405],
    ['POST', '/v1/parcels', 404],
    ['GET', '//', 400],
    ['GET', '/health', 200],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await fetch(url + path, { method })).status).toBe(status);
  });

  it('refuse a body above a mebibyte', async () => {
    expect((await pigeon.send({ ...LETTER, text: 'x'.repeat(1_100_000) })).status).toBe(413);
  });

  it('are refused when the port is taken', async () => {
    await expect(start({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });
});

describe('a page', () => {
  const inbox = (query: string, headers: Record<string, string>) =>
    fetch(`${url}/inbox${query}`, { headers: { Accept: 'text/html', ...headers } });

  it.each([
    ['nothing', '', {}, 'fa', 'rtl', 'صندوق نامه'],
    ['Persian', '', { 'Accept-Language': 'fa-IR,fa;q=0.9,en;q=0.5' }, 'fa', 'rtl', 'صندوق نامه'],
    ['English', '', { 'Accept-Language': 'en-US,en;q=0.9' }, 'en', 'ltr', 'Inbox'],
    ['German', '', { 'Accept-Language': 'de' }, 'en', 'ltr', 'Inbox'],
    ['English in the address', '?lang=en', { 'Accept-Language': 'fa' }, 'en', 'ltr', 'Inbox'],
    ['English once before', '', { Cookie: 'language=en' }, 'en', 'ltr', 'Inbox'],
  ])('for somebody who asks for %s', async (_, query, headers, lang, dir, title) => {
    const html = await (await inbox(query, headers)).text();
    expect(html).toContain(`<html lang="${lang}" dir="${dir}">`);
    expect(html).toContain(`<title>${title}</title>`);
    expect(html).toContain(pigeonPost.ribbon[lang as 'fa' | 'en']);
  });

  it('remembers the language that somebody chose', async () => {
    expect((await inbox('?lang=en', {})).headers.get('set-cookie')).toMatch(/^language=en;/);
    expect((await inbox('', {})).headers.get('set-cookie')).toBeNull();
  });

  it('is light or dark, fits a phone, loads nothing and runs nothing', async () => {
    const response = await inbox('', {});
    const html = await response.text();
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('width=device-width');
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('of the index has the addresses and moves the clock, but only for itself', async () => {
    const html = await (await fetch(url, { headers: { 'Accept-Language': 'en' } })).text();
    expect(html).toContain('Pigeon post');
    expect(html).toContain(`${url}/_sandbox`);
    const press = (minutes: string, origin: string) =>
      fetch(`${url}/_sandbox/page/clock`, {
        method: 'POST',
        body: new URLSearchParams({ minutes }),
        headers: { Origin: origin },
        redirect: 'manual',
      });
    expect((await press('31', 'https://elsewhere.example')).status).toBe(403);
    expect((await press('31', url)).status).toBe(303);
    expect((await pigeon.control('GET', '/clock')).body.offsetMs).toBe(31 * 60_000);
    expect(await (await fetch(url)).text()).toContain('۳۱ دقیقه جابه‌جا');
    await press('reset', url);
    expect((await pigeon.control('GET', '/clock')).body.offsetMs).toBe(0);
  });
});
