import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { ROOT } from './planted-tree';

/** The folders of entities/, the lowest first. A file imports from its own folder and from those before it, also types. */
const ORDER = [
  'describe',
  'values',
  'input',
  'calendar',
  'steps',
  'events',
  'jobs',
  'auth',
  'staff',
  'relay',
  'cache',
  'geography',
  'chat',
  'support',
  'customers',
  'inventory',
  'transfers',
  'catalog',
  'stocktaking',
  'pictures',
  'imports',
  'carts',
  'payments',
  'orders',
  'checkout',
  'purchasing',
  'replenishment',
  'recommendations',
  'sms',
  'notifications',
  'stock-alerts',
  'cart-reminders',
  'analytics',
  'campaigns',
  'codes',
  'maintenance',
  'retention',
  'invariants',
  'seeds',
  'migrations',
];

const HOME = path.join(ROOT, 'entities');

/** Imports of another folder that is not below the file's own. */
function upwardImports(file: string, source: string): string[] {
  const folder = ORDER.indexOf(file.split('/')[0]!);
  return [...source.matchAll(/from '(\.\.?\/[^']+)'/g)]
    .map(([, target]) => path.posix.normalize(path.posix.join(path.posix.dirname(file), target!)))
    .filter((target) => target.includes('/') && ORDER.indexOf(target.split('/')[0]!) > folder)
    .map((target) => `${file} -> ${target}`);
}

test('the order names every folder of entities/', () => {
  const folders = readdirSync(HOME, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.toSorted()).toEqual(ORDER.toSorted());
});

test('no folder of entities/ imports one above it', () => {
  const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\/.+\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(ORDER.length);
  expect(files.flatMap((file) => upwardImports(file, readFileSync(path.join(HOME, file), 'utf8')))).toEqual(
    [],
  );
});

test('an import upwards is noticed, of a type too', () => {
  const source = "import type { OrderState } from '../orders/order-state';\nimport { row } from '../sql';\n";
  expect(upwardImports('payments/attempt.ts', source)).toEqual(['payments/attempt.ts -> orders/order-state']);
  expect(upwardImports('checkout/place-order.ts', source)).toEqual([]);
});
