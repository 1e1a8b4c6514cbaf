import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { onSourceChange, usersOf } from '../../../sandbox/stack/reload';
import { eventually } from '../../support/eventually';
import { removeFolder, scratchFolder } from '../../support/scratch-folder';

test('a changed file concerns the processes that use it', () => {
  expect(usersOf(['api/app.ts'])).toEqual(['api']);
  expect(usersOf(['workflows/checkout/checkout.workflow.ts'])).toEqual(['worker', 'api']);
  expect(usersOf(['sandbox/kit/app.ts', 'api/app.ts'])).toEqual(['api', 'sandbox']);
  expect(usersOf(['platform/logger.ts'])).toEqual(['worker', 'api', 'realtime', 'sandbox']);
  expect(usersOf(['test/api/carts.test.ts', 'docs/running.md', 'sandbox/stack/redis.ts'])).toEqual([]);
});

test('changes that arrive while one is applied are applied next, with those that failed', async () => {
  const root = scratchFolder('sources');
  onTestFinished(() => removeFolder(root));
  mkdirSync(join(root, 'api/orders'), { recursive: true });
  const [said, applied]: [string[], string[]] = [[], []];
  let release: (() => void) | undefined;
  onSourceChange(
    root,
    (text) => void said.push(text),
    async (files) => {
      applied.push(...files);
      if (applied.length === 1) await new Promise<void>((resolve) => (release = resolve));
      if (applied.length === 1) throw new Error('a mistake');
    },
  );

  writeFileSync(join(root, 'api/notes.md'), '');
  writeFileSync(join(root, 'api/orders/first.ts'), '');
  await eventually(
    () => Promise.resolve(applied),
    (it) => it.length === 1,
  );
  writeFileSync(join(root, 'api/orders/second.ts'), '');
  release!();
  await eventually(
    () => Promise.resolve(applied),
    (it) => it.length > 1,
  );

  expect(applied).toEqual(['api/orders/first.ts', 'api/orders/first.ts', 'api/orders/second.ts']);
  expect(said).toContain('not reloaded: a mistake');
});
