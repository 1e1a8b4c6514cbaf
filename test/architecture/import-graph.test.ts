import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { circlesIn, importGraph } from './import-graph';

const ROOT = path.join(__dirname, '../..');
const { include: rooms } = JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8')) as {
  include: string[];
};
const graph = importGraph(rooms);

test('the graph holds the imports of every room, types included', () => {
  expect(graph.get('api/main.ts')).toContain('activities/payments/inbound.ts');
  expect(graph.get('workflows/index.ts')).toContain('workflows/checkout/checkout.workflow.ts');
  expect(graph.get('test/architecture/import-graph.test.ts')).toEqual(['test/architecture/import-graph.ts']);
});

test('a circle is found, however long it is', () => {
  const tangled = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', ['d']],
    ['e', ['a']],
  ]);
  expect(circlesIn(tangled)).toEqual([['d'], ['a', 'b', 'c']]);
});

test('no files import each other in a circle, not even for types', () => {
  expect(circlesIn(graph)).toEqual([]);
});

test('roles are taken and people are blocked only together with what they have to work on', () => {
  const takes = /import \{[^}]*\b(takeRoles|blockAccount)\b[^}]*\} from/;
  const takers = [...graph.keys()].filter(
    (file) => !file.startsWith('test/') && takes.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(takers).toEqual(['entities/support/put-back-tickets.ts']);
});

describe('the sandbox of every provider', () => {
  const providers = readdirSync(path.join(ROOT, 'sandbox/providers'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `sandbox/providers/${name}/`);
  const importsOf = (folder: string) =>
    [...graph].filter(([file]) => file.startsWith(folder)).flatMap(([, imports]) => imports);

  test.each(providers)('%s is built from the kit', (provider) => {
    expect(importsOf(provider).filter((file) => file.startsWith('sandbox/kit/')).length).toBeGreaterThan(0);
  });

  test('is unknown to the kit', () => {
    expect(importsOf('sandbox/kit/').length).toBeGreaterThan(0);
    expect(importsOf('sandbox/kit/').filter((file) => file.startsWith('sandbox/providers/'))).toEqual([]);
  });
});
