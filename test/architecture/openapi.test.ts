import { readFileSync } from 'node:fs';
import path from 'node:path';

import Ajv2020 from 'ajv/dist/2020';
import { expect, test } from 'vitest';

import { CLIENT_FILE, DOCUMENT_FILE, renderDocument } from '../../api/openapi/files';
import { renderClient } from '../../api/openapi/render-client';
import { describeShop } from '../../api/openapi/shop-document';

const ROOT = path.join(__dirname, '../..');
const document = describeShop();

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const operations = Object.entries(document.paths).flatMap(([address, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    address,
    method,
    name: `${method.toUpperCase()} ${address}`,
    ...(operation as Operation),
  })),
);

test('the committed document is that of the routes (npm run openapi writes it)', () => {
  expect(readFileSync(path.join(ROOT, DOCUMENT_FILE), 'utf8')).toBe(renderDocument(document));
});

test('the committed client is that of the document (npm run openapi writes it)', () => {
  expect(readFileSync(path.join(ROOT, CLIENT_FILE), 'utf8')).toBe(renderClient(document));
});

test('every operation has a name of its own, a tag, a summary and an answer', () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { name, tags, summary, responses } of operations) {
    expect(tags, name).toHaveLength(1);
    expect(summary, name).toMatch(/^[A-Z].{5,}/);
    expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['500', '503']));
    expect(
      Object.keys(responses).some((status) => status < '400'),
      name,
    ).toBe(true);
  }
});

test('every parameter of a path is described', () => {
  for (const { address, name, parameters = [] } of operations) {
    const inAddress = Array.from(address.matchAll(/\{(\w+)\}/g), ([, parameter]) => parameter);
    const described = parameters
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => parameter.name);
    expect(new Set(described), name).toEqual(new Set(inAddress));
  }
});

test('every route of money or orders that changes something demands an Idempotency-Key', () => {
  const unsafe = operations.filter(
    ({ method, address }) => method === 'post' && /\/(checkout|orders)\b/.test(address),
  );
  expect(unsafe.length).toBeGreaterThan(2);
  for (const { name, parameters = [] } of unsafe) {
    expect(
      parameters.map((parameter) => parameter.name),
      name,
    ).toContain('Idempotency-Key');
  }
});

test('every schema is one, and every reference leads to one', () => {
  const { schemas } = document.components as { schemas: Record<string, object> };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'shop', components: { schemas } });

  expect(Object.keys(schemas).length).toBeGreaterThan(3);
  for (const name of Object.keys(schemas)) {
    expect(() => ajv.compile({ $ref: `shop#/components/schemas/${name}` }), name).not.toThrow();
  }
  const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, name] of references) expect(schemas).toHaveProperty(name!);
});
