import { readFileSync } from 'node:fs';
import path from 'node:path';

import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { expect, test } from 'vitest';

import { CLIENT_FILE, DOCUMENT_FILE, renderDocument } from '../../api/openapi/files';
import { renderClient } from '../../api/openapi/render-client';
import { describeShop } from '../../api/openapi/shop-document';

const ROOT = path.join(__dirname, '../..');
const document = describeShop();

interface Content {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref: string }>>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly example?: unknown;
    readonly schema: { readonly examples?: readonly unknown[] };
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

const operations = Object.entries(document.paths).flatMap(([address, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    address,
    method,
    name: `${method.toUpperCase()} ${address}`,
    ...(operation as Operation),
  })),
);

/** The document's schemas under their names. Ajv compiles each once, where references into one document are compiled again each time. */
function knownSchemas(): Ajv2020 {
  const { schemas } = document.components as { schemas: Record<string, object> };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(byName(schema), name);
  return ajv;
}

const byName = (schema: object) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"')) as Record<string, unknown>;

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

test('no operation is named after its method and path', () => {
  for (const { operationId, name } of operations) {
    expect(operationId, name).not.toMatch(/^(post|put|patch|delete)(?!ed)|By[A-Z]/);
    expect(operationId, name).toMatch(/^[a-z]+[A-Z][A-Za-z]+$/);
  }
});

test('every body, answer, refusal and parameter has an example that its schema accepts', () => {
  const { examples } = document.components as Record<string, Record<string, { value?: unknown }>>;
  const ajv = knownSchemas();
  const validators = new Map<string, ValidateFunction>();
  const mistakes = (schema: object, example: unknown) => {
    if (example === undefined) return 'no example';
    const text = JSON.stringify(schema);
    const validate = validators.get(text) ?? ajv.compile(byName(schema));
    validators.set(text, validate);
    return validate(example) ? null : ajv.errorsText(validate.errors);
  };

  for (const { name, parameters = [], requestBody, responses } of operations) {
    for (const { name: parameter, required, example, schema } of parameters) {
      expect([name, parameter, mistakes(schema, required ? example : schema.examples?.[0])]).toEqual([
        name,
        parameter,
        null,
      ]);
    }
    for (const { content = {} } of [requestBody ?? {}, ...Object.values(responses)]) {
      for (const [type, { schema, example, examples: named }] of Object.entries(content)) {
        if (type === 'text/html') continue;
        const shown = named ? Object.keys(named).map((code) => examples![code]!.value) : [example];
        expect([name, type, ...shown.map((it) => mistakes(schema, it)).filter(Boolean)]).toEqual([
          name,
          type,
        ]);
      }
    }
  }
});

test('a refusal’s example has the fields that the refusal carries', () => {
  const { examples } = document.components as { examples: Record<string, { value: object }> };

  expect(examples['checkout.order_open']!.value).toMatchObject({
    type: '/problems/checkout.order_open',
    status: 409,
    orderId: expect.any(String) as string,
    orderToken: expect.any(String) as string,
  });
  expect(examples['checkout.price_changed']!.value).toHaveProperty('total.amount');
  expect(examples['cart.empty']!.value).not.toHaveProperty('total');
});

test('every text without a format or fixed values has an example of its own', () => {
  const { schemas } = document.components as {
    schemas: Record<string, { properties?: Record<string, Record<string, unknown>> }>;
  };
  const without = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([, { type, format, enum: values, examples }]) => {
        const isText = type === 'string' || (Array.isArray(type) && type.includes('string'));
        return isText && !format && !values && !examples;
      })
      .map(([property]) => `${name}.${property}`),
  );

  expect(without).toEqual([]);
});

test('every field has a type, and one that the server demands is required also where it may be null', () => {
  const { schemas } = document.components as {
    schemas: Record<
      string,
      { readonly properties?: Record<string, object>; readonly required?: readonly string[] }
    >;
  };
  const untyped = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([, field]) => !['type', '$ref', 'anyOf', 'oneOf'].some((word) => word in field))
      .map(([field]) => `${name}.${field}`),
  );
  expect(untyped).toEqual([]);
  expect(schemas['AssignInput']?.required).toEqual(['assigneeId', 'expected']);
  expect(schemas['CorrectDayInput']?.required).toEqual(['holiday']);
});

test('every event of an order has a schema of its own, with its payload', () => {
  const { schemas } = document.components as {
    schemas: Record<string, { properties: Record<string, unknown> }>;
  };

  expect(schemas['OrderEventsView']!.properties['events']).toMatchObject({
    type: 'array',
    items: { oneOf: expect.arrayContaining([{ $ref: '#/components/schemas/OrderPaidEvent' }]) as unknown },
  });
  expect(schemas['OrderPaidEvent']!.properties).toMatchObject({
    type: { enum: ['order.paid'] },
    payload: { $ref: '#/components/schemas/OrderPaidPayload' },
  });
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
  const ajv = knownSchemas();

  expect(Object.keys(schemas).length).toBeGreaterThan(3);
  for (const name of Object.keys(schemas)) expect(() => ajv.getSchema(name), name).not.toThrow();
  const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, name] of references) expect(schemas).toHaveProperty(name!);
});
