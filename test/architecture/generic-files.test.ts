import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

const ROOT = path.join(__dirname, '../..');

/** Files of temporal/ that serve every workflow alike; queues and schedules are tables that name each. */
const GENERIC = [
  'call-workflow',
  'connection',
  'ensure-schedules',
  'errors',
  'namespace',
  'search-attributes',
  'worker-options',
].map((name) => `temporal/${name}.ts`);

const SHARED = readdirSync(path.join(ROOT, 'workflows/shared')).map((name) => `workflows/shared/${name}`);

/** Words of one domain. A file that has one would have to change for the next workflow. */
const DOMAIN = /order|payment|cart|checkout|gateway|zarinpal|stock|refund|capture|rial(?!i)/gi;

const PROVIDER = /zarinpal|payment|checkout|gateway|stripe|kavenegar/gi;

test.each([...GENERIC, ...SHARED])('%s holds no word of checkout', (file) => {
  expect(readFileSync(path.join(ROOT, file), 'utf8').match(DOMAIN) ?? []).toEqual([]);
});

test('the kit of the sandboxes holds no word of a provider', () => {
  const words = readdirSync(path.join(ROOT, 'sandbox/kit'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => readFileSync(path.join(ROOT, 'sandbox/kit', name), 'utf8').match(PROVIDER) ?? []);
  expect(words).toEqual([]);
});

test('a word of checkout would be noticed', () => {
  expect(readFileSync(path.join(ROOT, 'temporal/checkout.ts'), 'utf8').match(DOMAIN)).not.toBeNull();
});
