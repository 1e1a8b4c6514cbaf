import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { requireIdempotencyKey } from '../../../api/middleware/idempotency-key';
import { validate, validateParams, validateQuery } from '../../../api/middleware/validate';
import { describeShop } from '../../../api/openapi/shop-document';
import { publicRouter } from '../../../api/router-kinds';
import { Flag, Id, WholeNumber } from '../../../entities/input/from-text';
import { ANY_ROUTE, openApiForTest, openApiUnderTest, type ApiUnderTest } from './open-api-under-test';

class CupInput {
  @IsInt()
  @Min(1)
  @Max(10)
  count!: number;

  @IsOptional()
  @IsString()
  @MaxLength(50)
  label?: string;
}

class HandleInput {
  @IsString()
  side!: string;
}

class TrayInput {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CupInput)
  cups!: CupInput[];

  @IsOptional()
  @ValidateNested()
  @Type(() => HandleInput)
  handle?: HandleInput;
}

class TrayParams {
  @Id()
  id!: string;
}

class TrayQuery {
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Max(100)
  limit?: number;

  @IsOptional()
  @Flag()
  @IsBoolean()
  clean?: boolean;
}

const TRAY = '0199c0de-7f00-7abc-8def-0912123456ab';
const BODY_LIMIT = 2_048;

let api: ApiUnderTest;
beforeAll(async () => {
  const router = publicRouter('');
  router.post('/trays', [ANY_ROUTE, validate(TrayInput)], (ctx) => {
    const { cups } = ctx.state.input;
    return { status: 200, body: { cups: cups.length, isCup: cups[0] instanceof CupInput } };
  });
  router.get(
    '/trays/:id',
    [ANY_ROUTE, validateParams(TrayParams, 'cart.not_found'), validateQuery(TrayQuery)],
    (ctx) => ({ status: 200, body: { id: ctx.state.params.id, query: ctx.state.query } }),
  );
  router.post('/requests', [ANY_ROUTE, requireIdempotencyKey()], (ctx) => {
    return { status: 200, body: { key: ctx.state.idempotencyKey } };
  });
  api = await openApiUnderTest({ routes: router.routes, api: { bodyLimitBytes: BODY_LIMIT } });
});
afterAll(() => api.close());

type Body = NonNullable<RequestInit['body']>;

interface Outcome {
  readonly status: number;
  readonly code: unknown;
  readonly errors: { in: string; field: string; rule: string; detail: string }[];
}

async function outcomeOf(answer: Response): Promise<Outcome> {
  const body = (await answer.json()) as Record<string, unknown>;
  if (answer.status >= 400) expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return { status: answer.status, code: body.code, errors: (body.errors ?? []) as Outcome['errors'] };
}

async function post(body: Body, headers: Record<string, string> = {}): Promise<Outcome> {
  return outcomeOf(
    await fetch(`${api.url}/trays`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    }),
  );
}

test('a valid body arrives as objects of its classes', async () => {
  const answer = await fetch(`${api.url}/trays`, {
    method: 'POST',
    body: '{"cups":[{"count":2,"label":"چای"}]}',
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });

  expect(await answer.json()).toEqual({ cups: 1, isCup: true });
});

test('one object is accepted where one is expected', async () => {
  expect((await post('{"cups":[],"handle":{"side":"left"}}')).status).toBe(200);
  expect((await post('{"cups":[],"handle":{}}')).errors).toMatchObject([{ field: 'handle.side' }]);
});

test('each wrong field is named with its place, its rule and a reason', async () => {
  const { status, code, errors } = await post('{"cups":[{"count":0},{"count":"2","lable":"x"}],"extra":1}');

  expect([status, code]).toEqual([422, 'request.invalid']);
  expect(errors).toEqual([
    { in: 'body', field: 'extra', rule: 'unknown', detail: 'extra is not expected here' },
    { in: 'body', field: 'cups.0.count', rule: 'min', detail: 'count must not be less than 1' },
    { in: 'body', field: 'cups.1.lable', rule: 'unknown', detail: 'lable is not expected here' },
    ...errors.slice(3),
  ]);
  expect(errors.slice(3).map(({ field, rule }) => `${field} ${rule}`)).toEqual([
    'cups.1.count max',
    'cups.1.count min',
    'cups.1.count isInt',
  ]);
});

test.each([
  ['invalid JSON', '{"cups":'],
  ['two values', '{}{}'],
  ['a comment', '{/* */}'],
  ['a lone NaN', 'NaN'],
  ['bytes outside a string that are not UTF-8', Buffer.from([0xff, 0xfe, 0x7b])],
  ['a key that reaches the prototype', '{"__proto__":{"isAdmin":true}}'],
])('a body of %s is 400', async (_what, body) => {
  expect(await post(body)).toMatchObject({ status: 400, code: 'request.malformed' });
});

test.each([
  ['an array', '[]'],
  ['null', 'null'],
  ['a number', '5'],
  ['a text', '"cups"'],
  ['nothing', ''],
  ['an object without its field', '{}'],
  ['an object where an array belongs', '{"cups":{}}'],
  ['arrays where objects belong', '{"cups":[[]]}'],
  ['an array of arrays of objects', '{"cups":[[{"count":1}]]}'],
  ['an array where an object belongs', '{"cups":[],"handle":[]}'],
  ['an array of what belongs', '{"cups":[],"handle":[{"side":"left"}]}'],
  ['null where an object belongs', '{"cups":[null]}'],
  ['a constructor', '{"constructor":{"prototype":{}},"cups":[]}'],
  ['a NUL character', '{"cups":[{"count":1,"label":"a\\u0000b"}]}'],
  ['a NUL character in a key', '{"a\\u0000b":1,"cups":[]}'],
  ['half a surrogate pair', '{"cups":[{"count":1,"label":"\\ud800"}]}'],
  ['a number beyond all numbers', '{"cups":[{"count":1e999}]}'],
  ['a huge number', `{"cups":[{"count":${'9'.repeat(400)}}]}`],
  ['a fraction', '{"cups":[{"count":1.5}]}'],
  ['nesting without end', `{"cups":${'['.repeat(500)}${']'.repeat(500)}}`],
])('a body of %s is 422 with a named error', async (_what, body) => {
  const { status, code, errors } = await post(body);

  expect([status, code]).toEqual([422, 'request.invalid']);
  expect(errors.length).toBeGreaterThan(0);
});

test('a body beyond the limit is 413, also when only its decompressed size is large or its length is unknown', async () => {
  const large = JSON.stringify({ cups: [], label: 'x'.repeat(BODY_LIMIT) });
  const chunked = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(large));
      controller.close();
    },
  });

  expect(await post(large)).toMatchObject({ status: 413, code: 'request.too_large' });
  expect(await post(gzipSync(large), { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
  const streamed = await fetch(`${api.url}/trays`, {
    method: 'POST',
    body: chunked,
    duplex: 'half',
    headers: { 'content-type': 'application/json' },
  });
  expect(await outcomeOf(streamed)).toMatchObject({ status: 413 });
});

test('a compressed body is read, a broken one is 400 and an unknown encoding is 415', async () => {
  const body = '{"cups":[]}';

  expect((await post(gzipSync(body), { 'content-encoding': 'gzip' })).status).toBe(200);
  expect((await post(deflateSync(body), { 'content-encoding': 'deflate' })).status).toBe(200);
  expect((await post(gzipSync(body), { 'content-encoding': 'GZIP' })).status).toBe(200);
  expect((await post(gzipSync(body), { 'content-encoding': 'x-gzip' })).status).toBe(200);
  expect((await post(brotliCompressSync(body), { 'content-encoding': 'Br' })).status).toBe(200);
  expect((await post(body, { 'content-encoding': 'Identity' })).status).toBe(200);
  expect(await post('no gzip', { 'content-encoding': 'gzip' })).toMatchObject({
    status: 400,
    code: 'request.malformed',
  });
  expect(await post(body, { 'content-encoding': 'morse' })).toMatchObject({
    status: 415,
    code: 'request.unsupported_media_type',
  });
});

test('a body of another type is 415', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'json',
    '',
  ]) {
    expect(await post('{"cups":[]}', { 'content-type': type }), type).toMatchObject({
      status: 415,
      code: 'request.unsupported_media_type',
    });
  }
  expect((await post('{"cups":[]}', { 'content-type': 'application/vnd.shop+json' })).status).toBe(200);
});

test('a malformed id is not found', async () => {
  for (const id of [
    '1',
    'null',
    TRAY.slice(1),
    `${TRAY}0`,
    '%00',
    '%ff',
    '%zz',
    '%',
    'a%00b',
    'ی',
    '..%2f..%2f',
    'constructor',
  ]) {
    const { status } = await outcomeOf(await fetch(`${api.url}/trays/${id}`));
    expect(status, id).toBe(404);
  }
  expect((await outcomeOf(await fetch(`${api.url}/trays/1`))).code).toBe('cart.not_found');
});

test('a query is read by its class', async () => {
  const answer = await fetch(`${api.url}/trays/${TRAY}?limit=10&clean=true`);

  expect(await answer.json()).toEqual({ id: TRAY, query: { limit: 10, clean: true } });
});

test.each([
  'limit=ten',
  'limit=',
  'limit=1e1',
  'limit=0x10',
  'limit=101',
  'limit=1&limit=2',
  'clean=maybe',
  'colour=red',
  'limit[]=1',
  '__proto__=1',
  'constructor=1',
  'limit=%00',
  `limit=${'9'.repeat(30)}`,
])('a query of %s is 422 and names the field', async (query) => {
  const { status, errors } = await outcomeOf(await fetch(`${api.url}/trays/${TRAY}?${query}`));

  expect(status).toBe(422);
  expect(errors[0]).toMatchObject({ in: 'query' });
});

test('a request needs a key of visible ASCII characters', async () => {
  expect(await request({})).toMatchObject({ status: 422, code: 'request.idempotency_key_missing' });
  expect((await request({ 'Idempotency-Key': 'request-1' })).status).toBe(200);
  expect((await request({ 'Idempotency-Key': 'x'.repeat(255) })).status).toBe(200);
  for (const key of ['x'.repeat(256), 'two words', 'kl\u00e9']) {
    expect(await request({ 'Idempotency-Key': key }), key).toMatchObject({
      status: 422,
      code: 'request.invalid',
      errors: [{ in: 'header', field: 'Idempotency-Key' }],
    });
  }
});

test.each([
  [400, 'request.malformed', 'GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n'],
  [431, 'request.head_too_large', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`],
  [400, 'request.host_missing', 'GET /trays HTTP/1.1\r\nConnection: close\r\n\r\n'],
  [400, 'request.malformed', 'GET /trays HTTP/1.1\r\nHost: x\r\nhost: y\r\nConnection: close\r\n\r\n'],
  [400, 'request.malformed', 'GET /trays HTTP/1.1\r\nHost: x\r\nHost: x\r\nConnection: close\r\n\r\n'],
  [400, 'request.malformed', 'GET /trays HTTP/1.1\r\nHost: x/y\r\nConnection: close\r\n\r\n'],
  [
    417,
    'request.expectation_failed',
    'GET /trays HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n',
  ],
])('what is no proper request is a problem with a request id: %i %s', async (status, code, sent) => {
  const [head, body] = (await raw(sent)).split('\r\n\r\n') as [string, string];

  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code, type: `/problems/${code}` });
  expect(head.toLowerCase()).toContain(`x-request-id: ${String(problem.requestId)}`);
  expect(api.lines()).toContainEqual(expect.objectContaining({ requestId: problem.requestId, status }));
});

test('a request of HTTP/1.0 needs no host, and 100-continue may be expected', async () => {
  expect(await raw('GET /unknown HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 404 /);
  expect(
    await raw(
      'POST /trays HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{"cups":[]}',
    ),
  ).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
});

test('what every route may refuse is documented', () => {
  const document = describeShop();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods) as { responses: object; requestBody?: object }[]) {
      const expected = ['400', '408', '417', '431', ...(operation.requestBody ? ['413', '415'] : [])];
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(expected));
    }
  }
});

test('what is malformed after an answer has begun ends the connection and writes nothing into the answer', async () => {
  const router = publicRouter('');
  router.get('/long', [ANY_ROUTE], () => ({ status: 200, body: { text: 'x'.repeat(20_000_000) } }));
  const { url, lines } = await openApiForTest({ routes: router.routes });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /long HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  socket.write('broken\r\n\r\n');
  await expect.poll(() => lines().map(({ msg }) => msg)).toContain('what arrived is no request');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, 'close');

  expect(answer.slice(0, 13)).toBe('HTTP/1.1 200 ');
  expect(answer.includes('HTTP/1.1 400')).toBe(false);
});

test('odd methods and odd targets are refused with 4xx', async () => {
  for (const start of [
    'BREW /trays',
    'PROPFIND /trays',
    'GET //',
    'GET /%',
    'GET http://other/trays',
    'GET http://[',
    'GET http://[::1]:x/trays',
    'GET http://xn--a/trays',
    'OPTIONS *',
    'GET /trays/%E0%A4%A',
  ]) {
    const answer = await raw(`${start} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer, start).toMatch(/^HTTP\/1.1 4\d\d /);
  }
});

async function request(headers: Record<string, string>): Promise<Outcome> {
  return outcomeOf(await fetch(`${api.url}/requests`, { method: 'POST', headers }));
}

function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
