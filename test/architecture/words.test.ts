import { readdirSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { filesAbout, knownWords } from '../runner/find-tests';
import { WORDS } from '../runner/words';

const TESTS = path.join(__dirname, '..');
const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .map((name) => path.posix.join('test', name.replaceAll(path.sep, '/')))
  .filter((file) => /\.(test|drill)\.ts$/.test(file));

test.each(Object.entries(WORDS))('every fragment of the word %s is part of a path', (_word, fragments) => {
  expect(fragments.filter((fragment) => !files.some((file) => file.includes(fragment)))).toEqual([]);
});

test('a word finds the tests that are named after it and those that the map adds', () => {
  const found = filesAbout('carts', files);
  expect(found).toContain('test/api/carts.test.ts');
  expect(found).toContain('test/unit/carts/cart.presenter.test.ts');
  expect(filesAbout('checkout', files)).toContain('test/journeys/same-key.test.ts');
});

test('a path is a word, and an unknown word finds nothing', () => {
  expect(filesAbout('test/api/carts.test.ts', files)).toEqual(['test/api/carts.test.ts']);
  expect(filesAbout('no-such-word', files)).toEqual([]);
});

test('the known words are folders and the words of the map that find something', () => {
  const known = knownWords(['test/unit/carts/total.test.ts', 'test/data/book-stock.test.ts']);
  expect(known).toEqual(expect.arrayContaining(['unit', 'data', 'carts', 'inventory']));
  expect(known).not.toContain('payments');
});
