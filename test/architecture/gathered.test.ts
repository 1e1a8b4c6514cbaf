import { readdirSync } from 'node:fs';
import path from 'node:path';

import { getMetadataArgsStorage } from 'typeorm';
import { beforeAll, expect, test } from 'vitest';

import { SHOP_ENTITIES } from '../../entities/data-source';
import { ERRORS } from '../../entities/errors';
import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { ROOT } from './planted-tree';

type Exports = Readonly<Record<string, unknown>>;

const modules = new Map<string, Exports>();

beforeAll(async () => {
  const home = path.join(ROOT, 'entities');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of files) modules.set(file, (await import(path.join(home, file))) as Exports);
});

/** What the files whose names end so export. */
function exportsOf(ending: string): object[] {
  return [...modules]
    .filter(([file]) => file.endsWith(ending))
    .flatMap(([, exported]) => Object.values(exported)) as object[];
}

test('every table of a word is a table of the shop', () => {
  const declared = getMetadataArgsStorage().tables.map(({ target }) => target);
  expect(declared.length).toBeGreaterThan(0);
  expect(new Set(SHOP_ENTITIES)).toEqual(new Set(declared));
});

test('every refusal of a word is a refusal of the shop, and no two words use one code', () => {
  const codes = exportsOf('errors.ts')
    .filter((exported) => exported !== ERRORS && typeof exported !== 'function')
    .flatMap((catalogue) => Object.keys(catalogue));
  expect(codes.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});

test('every invariant of a word is checked, and no two share a name', () => {
  const declared = exportsOf('.invariants.ts').flat();
  expect(declared.length).toBeGreaterThan(0);
  expect(INVARIANTS).toEqual(expect.arrayContaining(declared));
  const names = INVARIANTS.map(({ invariant }) => invariant);
  expect(new Set(names).size).toBe(names.length);
});
