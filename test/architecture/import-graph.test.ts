import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

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
