import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeShop } from '../../api/openapi/shop-document';
import { ERRORS } from '../../entities/errors';
import { newId } from '../../entities/values/uuid';
import { buildCaller } from '../support/factories/callers';
import { buildPhone } from '../support/factories/phone';
import { openShop, type Shop } from '../support/shop';
import { ownerOf } from '../support/storefront';
import { differencesFrom, operationsOf, type Operation } from './documented-answers';

const document = describeShop();
const operations = operationsOf(document);
const differences = differencesFrom(document);

const BAD_IDS = [
  '0',
  'null',
  '-1',
  '%00',
  'a%00b',
  '%ff',
  '%zz',
  '%',
  '%F0%9F',
  '..%2f',
  '%ED%A0%80',
  '*',
  "'",
  'x'.repeat(3_000),
];
const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
const BAD_BODIES = [
  '',
  'null',
  '[]',
  '5',
  '"text"',
  'true',
  '{',
  '{}x',
  '[{}]',
  '{"__proto__":{"a":1}}',
  '{"constructor":{}}',
  '{"toString":"x"}',
  '{"":1}',
  '{"unknown":1}',
  '{"a":"\\u0000"}',
  '{"\\ud800":1}',
  `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
  `{"a":"${'x'.repeat(100_000)}"}`,
];
const BAD_TABLES = [
  '',
  '\ufeff',
  '\0',
  'sku',
  ',,,\r\n',
  '__proto__,constructor\r\n1,2\r\n',
  'sku,sku\r\n1,2\r\n',
  '"',
  'sku,location,quantity\r\n"open',
  'sku,location,quantity\r\n\0,\ud800,1e400\r\n',
  '<html>',
  'x'.repeat(100_000),
];
const BAD_VALUES = [
  null,
  true,
  -1,
  0,
  1.5,
  1e300,
  '',
  ' ',
  '\0',
  '\ud800',
  'x'.repeat(5_000),
  [],
  [[]],
  {},
  { amount: -1 },
  '__proto__',
];
const BAD_QUERIES = ['', '\0', '-1', '1e400', '9'.repeat(40), '[]', "'; --", '\u202e', 'x'.repeat(3_000)];
const BAD_HEADERS = ['x', 'null', "';--", '../..', 'x'.repeat(4_000), 'caf\u00e9', '{}'];

let shop: Shop;
let goodHeaders: Record<string, string>;
let signedInHeaders: Record<string, string>;
const orderId = newId();
/** Where an id would not reach the code behind validation. */
const GOOD_PARAMETERS: Readonly<Record<string, string>> = {
  ...{ day: '2027-03-10', seq: '1', priority: 'high' },
  ...{ team: 'billing', code: 'refund-sent' },
};

beforeAll(async () => {
  shop = await openShop();
  const { token } = (await (await fetch(`${shop.url}/api/v1/carts`, { method: 'POST' })).json()) as {
    token: string;
  };
  goodHeaders = {
    'X-Cart-Token': token,
    ...ownerOf(orderId),
    'Idempotency-Key': randomUUID(),
    'If-Match': '"1"',
    Authorization: 'Bearer of-nobody',
  };
  const { accessToken } = await buildCaller(shop, { roles: ['admin'] });
  signedInHeaders = { Authorization: `Bearer ${accessToken}` };
});
afterAll(() => shop.close());

/** Whether it needs a person who has signed in. Leaving is left out: it would be the last that this person does. */
function isForPeople({ path, method }: Operation): boolean {
  const described = document.paths[path]?.[method.toLowerCase()] as { security?: unknown } | undefined;
  return JSON.stringify(described?.security) === '[{"accessToken":[]}]';
}

interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function call(
  operation: Operation,
  { path = {}, query = '', headers = {}, body }: Call,
): Promise<Response> {
  const address = operation.path.replaceAll(
    /\{(\w+)\}/g,
    (_match, name: string) => path[name] ?? GOOD_PARAMETERS[name] ?? orderId,
  );
  const good = isForPeople(operation) ? { ...goodHeaders, ...signedInHeaders } : goodHeaders;
  const needed = operation.headers.map((name) => [name, good[name] ?? 'x']);
  return fetch(`${shop.url}${address}${query}`, {
    method: operation.method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(needed),
      ...headers,
    },
    body: body ?? null,
  });
}

/** Nothing that a caller sends leads to a 5xx, and every refusal is documented. */
async function expectNoFailure(operation: Operation, sent: Call): Promise<number> {
  const response = await call(operation, sent);
  const what = `${operation.name} ${JSON.stringify(sent).slice(0, 200)}`;
  expect(response.status, what).toBeLessThan(500);
  if (response.status < 400) return response.status;

  const type = response.headers.get('content-type');
  expect(type, what).toBe('application/problem+json');
  const problem = (await response.json()) as { code: keyof typeof ERRORS; status: number };
  expect(ERRORS[problem.code]?.status, what).toBe(response.status);
  const isAnyRoute = problem.code === 'route.not_found' || problem.code === 'route.method_not_allowed';
  if (!isAnyRoute) expect(differences(operation, response.status, type!, problem), what).toEqual([]);
  return response.status;
}

test.each(operations.filter(({ pathParameters }) => pathParameters.length > 0))(
  '$name answers malformed parameters of its path with 404 or 422',
  async (operation) => {
    for (const bad of [...BAD_IDS, ...PROTOTYPES]) {
      const path = Object.fromEntries(operation.pathParameters.map((name) => [name, bad]));
      const status = await expectNoFailure(operation, { path, body: operation.hasBody ? '{}' : undefined });
      expect([404, 422], `${operation.name} ${bad}`).toContain(status);
    }
  },
);

test.each(operations.filter(({ hasBody }) => hasBody))(
  '$name answers malformed bodies with 4xx',
  async (operation) => {
    for (const body of BAD_BODIES) {
      const status = await expectNoFailure(operation, { body });
      // A route without required fields accepts an empty body. Then the refusal is that the order does not exist.
      expect(status, `${operation.name} ${body.slice(0, 40)}`).toBeGreaterThanOrEqual(400);
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=a',
    ]) {
      expect(await expectNoFailure(operation, { body: 'a=1', headers: { 'content-type': type } })).toBe(415);
    }
  },
);

test('every route that takes a table says so', () => {
  const imports = operations.filter(({ method, path }) => method === 'POST' && path.endsWith('/imports'));
  expect(imports.filter((operation) => !takesTable(operation)).map(({ name }) => name)).toEqual([]);
});

test.each(operations.filter(takesTable))('$name answers malformed tables with 4xx', async (operation) => {
  for (const body of BAD_TABLES) {
    const status = await expectNoFailure(operation, { body, headers: { 'content-type': 'text/csv' } });
    expect(status, body.slice(0, 40)).toBeGreaterThanOrEqual(400);
  }
});

test.each(operations.filter(({ hasBody }) => hasBody))(
  '$name survives any value in any field of its body',
  async (operation) => {
    for (const field of fieldsOf(operation)) {
      for (const bad of BAD_VALUES) {
        const value = JSON.stringify({ ...exampleOf(operation), [field]: bad });
        expect(await expectNoFailure(operation, { body: value })).toBeLessThan(500);
      }
    }
  },
);

test.each(operations.filter(({ queryParameters }) => queryParameters.length > 0))(
  '$name survives any value in any parameter of its query',
  async (operation) => {
    for (const name of [...operation.queryParameters, ...PROTOTYPES, 'unknown', '']) {
      for (const bad of BAD_QUERIES) {
        const query = `?${name}=${encodeURIComponent(bad)}`;
        expect(await expectNoFailure(operation, { query })).toBeLessThan(500);
      }
      const twice = await expectNoFailure(operation, { query: `?${name}=1&${name}=2` });
      const odd = await expectNoFailure(operation, {
        query: `?${name}[]=1&${name}[a]=2&${name}=%00&${name}=%ff%zz`,
      });
      expect([twice, odd], name).toEqual([422, 422]);
    }
  },
);

test.each(operations.filter(({ headers }) => headers.length > 0))(
  '$name answers malformed and missing headers with 4xx',
  async (operation) => {
    const body = operation.hasBody ? '{}' : undefined;
    for (const header of operation.headers) {
      for (const bad of [...BAD_HEADERS, '']) {
        const status = await expectNoFailure(operation, { headers: { [header]: bad }, body });
        expect(status, `${operation.name} ${header}: ${bad}`).toBeGreaterThanOrEqual(400);
      }
    }
  },
);

test.each(operations)('$name answers 405 to an unknown method', async (operation) => {
  const response = await call({ ...operation, method: 'PROPFIND' }, {});

  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toContain(operation.method);
});

interface Described {
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly $ref?: string }; readonly example?: object | string }>
    >;
  };
}

/** The kinds of body that the document shows, with an example of each. */
function bodiesOf({ path, method }: Operation) {
  const described = document.paths[path]?.[method.toLowerCase()] as Described;
  return described.requestBody?.content ?? {};
}

function takesTable(operation: Operation): boolean {
  return 'text/csv' in bodiesOf(operation);
}

/** The fields of the body's class, from the document. */
function fieldsOf(operation: Operation): string[] {
  const { schemas } = document.components as {
    schemas: Record<string, { properties?: Record<string, unknown> }>;
  };
  const name = bodiesOf(operation)['application/json']?.schema.$ref?.split('/').at(-1);
  return Object.keys(schemas[name ?? '']?.properties ?? {});
}

/** A plausible value for each field, so that a bad field also gets past the validation of the others. */
function exampleOf(operation: Operation): Record<string, unknown> {
  const plausible: Record<string, unknown> = {
    variantId: newId(),
    quantity: 1,
    expectedTotal: { amount: 10_000, currency: 'IRR' },
    gateway: 'zarinpal',
    version: 1,
    phone: buildPhone(),
  };
  const { example } = bodiesOf(operation)['application/json'] ?? {};
  const shown: Record<string, unknown> = typeof example === 'object' ? { ...example } : {};
  return Object.fromEntries(fieldsOf(operation).map((name) => [name, plausible[name] ?? shown[name]]));
}
