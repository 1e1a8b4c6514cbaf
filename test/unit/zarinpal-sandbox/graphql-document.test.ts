import { describe, expect, it } from 'vitest';

import { parseDocument } from '../../../sandbox/providers/zarinpal/graphql/document';
import { SyntaxProblem } from '../../../sandbox/providers/zarinpal/graphql/tokens';

describe('a GraphQL document', () => {
  it('is read with commas, comments and newlines as white space alike', () => {
    const source = 'query Q { a, b,,c # the rest\n d{e f,g}\uFEFF }';
    const [operation] = parseDocument(source, {});
    expect(operation!.fields.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(operation!.fields[3]!.fields.map(({ name }) => name)).toEqual(['e', 'f', 'g']);
  });

  it('fills arguments from variables, defaults and literals of every kind', () => {
    const source = `query ($id: ID!, $limit: Int = 25, $list: [Int!]! = [1, 2]) {
      row: Thing(id: $id, limit: $limit, list: $list, text: "a \\"b\\"", block: """x "y" z""", on: true, off: false,
                 none: null, kind: PAYA, float: -1.5e2, missing: $missing) { id }
    }`;
    const [operation] = parseDocument(source, { id: '7' });
    expect(operation!.fields).toEqual([
      {
        key: 'row',
        name: 'Thing',
        values: {
          id: '7',
          limit: 25,
          list: [1, 2],
          text: 'a "b"',
          block: 'x "y" z',
          on: true,
          off: false,
          none: null,
          kind: 'PAYA',
          float: -150,
          missing: undefined,
        },
        fields: [{ key: 'id', name: 'id', values: {}, fields: [] }],
      },
    ]);
  });

  it('prefers a given variable to its default, also when it is null', () => {
    const source = 'query ($limit: Int = 25) { a(limit: $limit) }';
    expect(parseDocument(source, { limit: null })[0]!.fields[0]!.values).toEqual({ limit: null });
  });

  it('may hold several operations', () => {
    const operations = parseDocument('query A { a } mutation B { b }', {});
    expect(operations.map(({ type, name }) => [type, name])).toEqual([
      ['query', 'A'],
      ['mutation', 'B'],
    ]);
  });

  it.each([
    'query {',
    '{ a(b: ) }',
    '{ a(b: {c: 1}) }',
    '{ "a" }',
    'subscription { a }',
    '{ ...F }',
    '{ a ^ b }',
    '"x',
  ])('is refused as %s', (source) => {
    expect(() => parseDocument(source, {})).toThrow(SyntaxProblem);
  });
});
