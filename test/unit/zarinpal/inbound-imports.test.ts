import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../../..');

/** The files that a file loads, itself included. Imports of types vanish when it is compiled. */
function filesBehind(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, clause, from = ''] of source.matchAll(
    /^(import|export)\s(?!type\s)[^;]*?\sfrom '([^']+)';/gm,
  )) {
    if (!from.startsWith('.')) seen.add(`${clause} ${from}`);
    else filesBehind(`${join(dirname(file), from)}.ts`, seen);
  }
  return seen;
}

describe('what the API builds of the gateways', () => {
  it('is pure: nothing behind it could call a provider', () => {
    const files = [...filesBehind(join(ROOT, 'activities/payments/inbound.ts'))].map((file) =>
      relative(ROOT, file),
    );
    expect(files.toSorted()).toEqual([
      'activities/payments/inbound.ts',
      'activities/payments/zarinpal/authority.ts',
      'activities/payments/zarinpal/inbound.ts',
      'activities/payments/zarinpal/limits.ts',
    ]);
  });

  it('is not what the worker builds, which does reach the network', () => {
    const files = [...filesBehind(join(ROOT, 'activities/payments/gateways.ts'))];
    expect(files).toContain(join(ROOT, 'platform/http-client.ts'));
  });
});
