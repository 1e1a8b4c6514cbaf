import { IsOptional, IsString } from 'class-validator';
import type { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { rateLimit } from '../../../api/middleware/rate-limit';
import { validate, validateQuery } from '../../../api/middleware/validate';
import { refusesWithPage } from '../../../api/payments/problem-page';
import { publicRouter } from '../../../api/router-kinds';
import { AppError } from '../../../entities/errors';
import { ANY_ROUTE, openApiForTest } from './open-api-under-test';

const MOST_CPU_MS = 50;
/** What fits into the 16 KB that Node accepts as headers. */
const CROWD = Array.from({ length: 7_900 }, () => 'a').join('&');

class Words {
  @IsOptional()
  @IsString()
  q?: string;
}

class Note {
  @IsString()
  text!: string;
}

function notesRoutes() {
  const router = publicRouter('');
  router.get('/notes', [ANY_ROUTE, validateQuery(Words)], (ctx) => ({ status: 200, body: { ...ctx.query } }));
  router.post('/notes', [ANY_ROUTE, rateLimit('carts'), validate(Note)], () => ({ status: 200, body: {} }));
  return router.routes;
}

/** The least CPU time of this process, which is client and server, for one of several calls. */
async function cpuMsOf(call: () => Promise<Response>): Promise<number> {
  const costs: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const before = process.cpuUsage();
    await (await call()).arrayBuffer();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1_000);
  }
  return Math.min(...costs);
}

test.each(['/notes', '/nowhere', '/docs', '/health/live'])(
  'thousands of parameters in the query of %s are refused before they are parsed',
  async (path) => {
    const api = await openApiForTest({ routes: notesRoutes() });

    const answer = await fetch(`${api.url}${path}?${CROWD}`);

    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ in: 'query', rule: 'entries' }] });
    expect(await cpuMsOf(() => fetch(`${api.url}${path}?${CROWD}`))).toBeLessThan(MOST_CPU_MS);
  },
);

test('a hundred parameters are read, and one more is not', async () => {
  const api = await openApiForTest({ routes: notesRoutes() });
  const ask = async (count: number) => {
    const answer = await fetch(`${api.url}/notes?${Array.from({ length: count }, () => 'q=1').join('&')}`);
    return ((await answer.json()) as { errors: { rule: string }[] }).errors[0]!.rule;
  };

  expect([await ask(100), await ask(101)]).toEqual(['isString', 'entries']);
});

const postBroken = (address: string) =>
  fetch(address, { method: 'POST', body: '{', headers: { 'Content-Type': 'application/json' } });

test('no body is read for a route that does not exist, or for a caller over the limit', async () => {
  const api = await openApiForTest({ limits: { cartRequestsPerMinute: 2 }, routes: notesRoutes() });

  expect((await postBroken(`${api.url}/nowhere`)).status).toBe(404);
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await postBroken(`${api.url}/notes`)).status);
  expect(statuses).toEqual([400, 400, 429]);
});

test('the documentation and what does not exist have a limit of their own', async () => {
  const api = await openApiForTest({ limits: { otherRequestsPerMinute: 7 } });
  const statusesOf = async (paths: string[]) => {
    const statuses = [];
    for (const path of paths) statuses.push((await fetch(api.url + path, { redirect: 'manual' })).status);
    return statuses;
  };

  const paths = ['/', '/docs', '/docs/index.css', '/openapi.json', '/problems', '/nowhere'];
  expect(await statusesOf(paths)).toEqual([302, 200, 200, 200, 200, 404]);
  expect((await fetch(`${api.url}/nowhere`, { method: 'PUT' })).status).toBe(404);
  expect(await statusesOf(paths)).toEqual(paths.map(() => 429));
  expect((await fetch(`${api.url}/health/live`)).status).toBe(200);
});

test('pictures count as reads of the catalogue', async () => {
  const api = await openApiForTest({ limits: { catalogRequestsPerMinute: 1 } });
  const picture = `${api.url}/pictures/samsung-galaxy-a55/1.svg`;

  expect([(await fetch(picture)).status, (await fetch(picture)).status]).toEqual([200, 429]);
});

test('a file of the documentation is not sent again to who has it', async () => {
  const api = await openApiForTest();
  const file = `${api.url}/docs/swagger-ui-bundle.js`;

  const first = await fetch(file);
  const size = (await first.arrayBuffer()).byteLength;
  const again = await fetch(file, { headers: { 'If-None-Match': first.headers.get('etag')! } });

  expect([first.status, again.status]).toEqual([200, 304]);
  expect(size).toBeGreaterThan(1_000_000);
  expect((await again.arrayBuffer()).byteLength).toBe(0);
});

test('a form is read flat and up to a hundred names, however its names nest', async () => {
  const router = publicRouter('');
  router.post('/forms', [ANY_ROUTE], async (ctx) => {
    await ctx.state.readBody(ctx);
    return { status: 200, body: { ...(ctx.request.body as object) } };
  });
  const api = await openApiForTest({ routes: router.routes });
  const read = async (form: string) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${api.url}/forms`, { method: 'POST', body: form, headers });
    return (await answer.json()) as Record<string, unknown>;
  };

  expect(await read('a[b][c]=1&d.e=2&d.e=%D9%87')).toEqual({ 'a[b][c]': '1', 'd.e': ['2', 'ه'] });
  expect(Object.keys(await read(Array.from({ length: 900 }, (_, n) => `a${n}=1`).join('&')))).toHaveLength(
    100,
  );
});

test('an Accept header that no browser sends is not taken apart', async () => {
  const router = publicRouter('');
  router.get('/pages', [ANY_ROUTE, refusesWithPage(undefined)], () => {
    throw new AppError('payment.not_found');
  });
  const api = await openApiForTest({ routes: router.routes });
  const typeFor = async (accept: string) => {
    const answer = await fetch(`${api.url}/pages`, { headers: { Accept: accept } });
    return answer.headers.get('Content-Type')?.split(';')[0];
  };

  expect(await typeFor('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe('text/html');
  expect(await typeFor(`text/html,a/b;"${';'.repeat(15_000)}`)).toBe('application/problem+json');
});

test('a crowd that asks whether the process is ready shares one look at its neighbours', async () => {
  let asked = 0;
  const database = { query: () => Promise.resolve((asked += 1)) } as unknown as DataSource;
  const api = await openApiForTest({ neighbours: { database } });

  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${api.url}/health/ready`)));

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(asked).toBeLessThan(5);
});
