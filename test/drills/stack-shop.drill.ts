import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { allGone } from '../support/launcher';
import { devShop } from './dev-shop';

const shop = devShop();

test('every process of the shop comes back after kill -9', async () => {
  const killed = shop.launcher.processes().filter(({ name }) => ['api', 'worker', 'sandbox'].includes(name));
  expect(killed).toHaveLength(3);
  for (const { pid } of killed) process.kill(pid, 'SIGKILL');
  for (const { name } of killed) await shop.launcher.prints(`${name} is back`);
  expect(await shop.products()).toEqual({ status: 200, count: 3 });
});

test('after Ctrl-C nothing is left, and the next start shows the same shop', async () => {
  const [before, processes] = [shop.addresses(), shop.launcher.processes()];
  shop.launcher.kill('SIGINT');
  expect(await shop.launcher.ended).toBe(0);
  await allGone(processes);
  expect(existsSync(join(shop.state, 'running.json'))).toBe(false);

  await shop.start();
  expect(shop.addresses()).toEqual({ ...before, pid: shop.launcher.pid });
  expect(await shop.products()).toEqual({ status: 200, count: 3 });
});
