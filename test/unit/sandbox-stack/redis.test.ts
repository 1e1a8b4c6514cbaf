import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { prepareRedis } from '../../../sandbox/stack/redis';
import { removeFolder, scratchFolder } from '../../support/scratch-folder';

test('Redis finds nothing of an earlier one, whose data it may not be able to read, and saves nothing', () => {
  const folder = scratchFolder('redis');
  onTestFinished(() => removeFolder(folder));
  const data = join(folder, 'redis');
  mkdirSync(join(data, 'appendonlydir'), { recursive: true });
  writeFileSync(join(data, 'dump.rdb'), 'REDIS9999 of a version to come');

  const { arguments: given } = prepareRedis({ executable: 'redis-server', data, port: 1, logFile: '' });

  expect(existsSync(join(data, 'dump.rdb'))).toBe(false);
  expect(existsSync(data)).toBe(true);
  expect(given.join(' ')).toContain('--save  --');
  expect(given.join(' ')).toContain('--appendonly no');
});
