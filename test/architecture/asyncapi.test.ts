import { readFileSync } from 'node:fs';
import path from 'node:path';

import Ajv, { type ValidateFunction } from 'ajv';
import { expect, test } from 'vitest';

import { ASYNCAPI_FILE, channelOf, describeRealtime, renderAsyncApi } from '../../realtime/asyncapi/document';
import { NAMESPACES } from '../../realtime/namespaces';
import { ROOT } from './planted-tree';

const document = describeRealtime(NAMESPACES);
const { messages, schemas } = document.components;

const byName = (schema: object) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"')) as Record<string, unknown>;

/** Ajv compiles a schema that has a name once. */
function knownSchemas(): Ajv {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(byName(schema), name);
  return ajv;
}

test('the committed document is that of the namespaces (npm run asyncapi writes it)', () => {
  expect(readFileSync(path.join(ROOT, ASYNCAPI_FILE), 'utf8')).toBe(renderAsyncApi(document));
});

test('the document is valid AsyncAPI', () => {
  const specification = JSON.parse(
    readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8'),
  ) as object;
  // It brings the draft of JSON Schema that it is written in.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  const validate = ajv.compile(specification);

  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ ...document, operations: { broken: { action: 'shout' } } })).toBe(false);
});

test('every verb, event, answer and problem has an example that its schema accepts', () => {
  const ajv = knownSchemas();
  const validators = new Map<string, ValidateFunction>();
  const mistakes = (schema: object, example: unknown) => {
    const text = JSON.stringify(schema);
    const validate = validators.get(text) ?? ajv.compile(byName(schema));
    validators.set(text, validate);
    return validate(example) ? null : ajv.errorsText(validate.errors);
  };

  for (const [name, { payload, examples }] of Object.entries(messages)) {
    expect(examples.length, name).toBeGreaterThan(0);
    for (const { name: code, payload: example } of examples) {
      expect([name, code, mistakes(payload, example)]).toEqual([name, code, null]);
    }
  }
});

test('every verb of every namespace is an operation with a reply, and every event is one that the server sends', () => {
  for (const { name, verbs, follows, tells = {} } of NAMESPACES) {
    const channel = channelOf({ name });
    for (const verb of [...Object.keys(verbs), 'auth.renew', 'connect']) {
      expect(document.operations[`${channel}.${verb}`], verb).toMatchObject({ action: 'receive', reply: {} });
      expect(messages[`${channel}.${verb}`]!.summary, verb).toMatch(/^[A-Z].{5,}/);
    }
    const told = Object.keys(tells).map((event) => `told.${event}`);
    const sent = ['event', 'resync', 'auth.expiring', 'server.draining', ...told];
    for (const event of follows.length > 0 ? sent : sent.slice(1)) {
      expect(document.operations[`${channel}.${event}`], event).toMatchObject({ action: 'send' });
    }
    for (const { payloads } of follows) {
      for (const [type, Payload] of Object.entries(payloads)) {
        expect(Object.hasOwn(messages, `${channel}.event.${type}`), type).toBe(Payload !== null);
      }
    }
  }
});

test('every reference leads to something', () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, reference] of references) {
    const found = reference!
      .split('/')
      .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], document);
    expect(found, reference).toBeDefined();
  }
});

test('every text without a format or fixed values has an example of its own', () => {
  const without = Object.entries(schemas).flatMap(([name, schema]) =>
    Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>)
      .filter(([, { type, format, enum: values, examples }]) => {
        const isText = type === 'string' || (Array.isArray(type) && type.includes('string'));
        return isText && !format && !values && !examples;
      })
      .map(([property]) => `${name}.${property}`),
  );

  expect(without).toEqual([]);
});
