import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { temporalServes } from '../../sandbox/stack/probes';
import { StackConfig } from '../../sandbox/stack/stack-config';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import type { Watched } from '../../sandbox/stack/stop-processes';
import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { stockOf } from '../support/order-rows';
import { workflowOf } from '../support/workflow';
import { runDrill } from './drill';

const CACHE = path.join(__dirname, '../../.asoud/cache');
let directory: string;
let stack: Stack;

/** A Temporal service of its own, with its state in a file, as `npm run dev` has it. */
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'asoud-temporal-'));
  const { postgresUrl, redisUrl } = inject('stack');
  const config = Object.assign(new StackConfig(), {
    databaseUrl: postgresUrl,
    redisUrl,
    embeddedTemporalPort: 0,
  });
  stack = await startStack({ directory, cache: CACHE, config });
});
afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Ends the service as a power cut does. Its launcher starts it again. */
async function killTemporal(): Promise<void> {
  const register = readFileSync(path.join(directory, 'processes.json'), 'utf8');
  const { processes } = JSON.parse(register) as { processes: Watched[] };
  const { pid } = processes.find(({ name }) => name === 'Temporal')!;
  process.kill(pid, 'SIGKILL');
  await eventually(
    () => temporalServes(stack.temporalAddress),
    (serves) => !serves,
  );
}

test('a Temporal service that is killed and comes back goes on with every workflow', () =>
  runDrill(
    async (it) => {
      await it.shop.startWorker();
      const placed = await it.placed();
      const forgetful = new Buyer(it.shop);
      const left = await buildItem(it.shop, { stock: 3 });
      const never = await forgetful.order(left);

      await killTemporal();
      const { callback } = await it.pay(placed);

      expect(['pending', 'paid']).toContain((await callback).body.status);
      await it.expectPaidOnce(placed);
      await forgetful.waitFor(never, 'expired');
      await workflowOf(it.shop, never.order.id).untilShown('Expired');
      expect(await stockOf(it.shop, left)).toEqual({ onHand: 3, reserved: 0 });
    },
    {
      temporalAddress: stack.temporalAddress,
      setUp: true,
      environment: {
        AUTHORITY_LIFETIME_MS: '15000',
        DEADLINE_MARGIN_MS: '0',
        SWEEP_EVERY_MS: '1000',
        WAKE_CALLBACKS_AFTER_MS: '0',
      },
    },
  ));
