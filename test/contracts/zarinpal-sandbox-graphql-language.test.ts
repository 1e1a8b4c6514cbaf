import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import { zarinpalCaller } from '../support/zarinpal-caller';

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;
let ids: string[];

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await control.reset();
  const zarinpal = zarinpalCaller(sandbox.url);
  for (const description of ['a "b"', 'x "y" z', 'c']) await zarinpal.open({ description });
  ids = (await control.sessions()).map(({ id }) => id);
});

interface Answered {
  readonly data?: Record<string, { id: string }[]>;
  readonly errors?: unknown[];
}

async function ask(query: string, variables: object = {}, operationName?: string): Promise<Answered> {
  const response = await fetch(`${sandbox.url}/api/v4/graphql/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer token' },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return (await response.json()) as Answered;
}

describe('a GraphQL document', () => {
  it('is read with commas, comments and newlines as white space alike', async () => {
    const query =
      'query Q { a: Session(terminal_id: 1) { id, status,,amount # the rest\n description\uFEFF } }';
    const { data } = await ask(query);
    expect(Object.keys(data!.a![0]!)).toEqual(['id', 'status', 'amount', 'description']);
  });

  it('fills arguments from variables, defaults and literals of every kind', async () => {
    const query = `query ($terminal: ID!, $limit: Int = 2, $missing: Int) {
      variable: Session(terminal_id: $terminal, limit: $limit) { id }
      literal: Session(terminal_id: "1", limit: 1, offset: $missing, email: null, filter: ACTIVE) { id }
      text: Session(terminal_id: 1, description: "a \\"b\\"") { id }
      block: Session(terminal_id: 1, description: """x "y" z""") { id }
    }`;
    const [newest, middle, oldest] = ids.map((id) => ({ id }));
    expect((await ask(query, { terminal: '1' })).data).toEqual({
      variable: [newest, middle],
      literal: [newest],
      text: [oldest],
      block: [middle],
    });
  });

  it('prefers a given variable to its default, also when it is null', async () => {
    const query = 'query ($limit: Int = 1) { rows: Session(terminal_id: 1, limit: $limit) { id } }';
    expect((await ask(query)).data!.rows).toHaveLength(1);
    expect((await ask(query, { limit: null })).data!.rows).toHaveLength(3);
  });

  it('may hold several operations', async () => {
    const query = `query A { a: Session(terminal_id: 1) { id } } query B { b: Session(terminal_id: 1) { id } }`;
    expect(Object.keys((await ask(query, {}, 'A')).data!)).toEqual(['a']);
    expect(Object.keys((await ask(query, {}, 'B')).data!)).toEqual(['b']);
  });

  it.each([
    'query {',
    '{ Session(terminal_id: ) }',
    '{ Session(terminal_id: {c: 1}) { id } }',
    '{ "Session" }',
    'subscription { Session }',
    '{ ...F }',
    '{ Session ^ b }',
    '"x',
  ])('is refused as %s', async (query) => {
    expect(await ask(query)).toEqual({ errors: [{ message: expect.any(String) }] });
  });
});
