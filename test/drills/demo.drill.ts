import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { environmentWith } from '../../platform/config/environment';
import type { Addresses } from '../../sandbox/stack/running-file';
import { allGone, ANY_PORTS, readRegister } from '../support/launcher';
import { removeFolder, scratchFolder } from '../support/scratch-folder';
import { zarinpalControl } from '../support/zarinpal';

const DEMO = join(__dirname, '../../dist/commands/demo.js');
const FINE = 'Everything is as it should be.';

let folder: string;
let state: string;

beforeAll(() => {
  folder = scratchFolder('demo');
  state = join(folder, 'state');
});

afterAll(async () => {
  if (existsSync(join(state, 'running.json'))) {
    const processes = readRegister(state).processes;
    process.kill(addresses().pid, 'SIGTERM');
    await allGone(processes);
  }
  await removeFolder(folder);
});

/** A launcher that is killed leaves its file behind. */
function leaveAddressesOfADeadShop(): void {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(state, 'running.json'), JSON.stringify({ pid, apiUrl: 'http://127.0.0.1:9' }));
}

function addresses(): Addresses {
  return JSON.parse(readFileSync(join(state, 'running.json'), 'utf8')) as Addresses;
}

async function demo(...options: string[]): Promise<{ code: number; said: string; complained: string }> {
  const child = spawn(process.execPath, [DEMO, '--state', state, ...options], {
    env: environmentWith({ ...ANY_PORTS, SWEEP_EVERY_MS: '1000' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said, complained };
}

test('where no shop runs the demo starts one, buys, and stops it', async () => {
  const { code, said, complained } = await demo();
  expect(code, said + complained).toBe(0);
  expect(said).toContain('so one is started');
  expect(said).toContain(FINE);
  expect(existsSync(join(state, 'running.json'))).toBe(false);
  expect(existsSync(join(state, 'processes.json'))).toBe(false);
});

test('with --keep the shop that was started goes on, and the links lead somewhere', async () => {
  leaveAddressesOfADeadShop();
  const { code, said, complained } = await demo('--keep');
  expect(code, said + complained).toBe(0);
  expect(said).toContain(FINE);
  const { pid, apiUrl, temporalUiUrl } = addresses();
  expect(said).toContain(`${apiUrl}; kill ${pid} stops it`);
  expect((await fetch(`${apiUrl}/health/ready`)).status).toBe(200);
  const workflow = /its workflow +(\S+)/.exec(said)?.[1];
  expect(workflow).toMatch(
    new RegExp(`^${temporalUiUrl}/namespaces/asoud/workflows/checkout%3A[0-9a-f-]{36}$`),
  );
  expect((await fetch(workflow!)).status).toBe(200);
  const calls = [...said.matchAll(/curl -s (\S+\/orders\/\S+) -H '([\w-]+): (.+)'/g)];
  expect(calls).toHaveLength(2);
  for (const [, address, name, value] of calls) {
    const answer = await fetch(address!, { headers: { [name!]: value! } });
    expect(answer.status, address).toBe(200);
    expect(await answer.text()).toContain('"version":3');
  }
});

test.each([
  ['paid', ['v1 order.created', 'v2 order.payment_opened', 'verifyPayment', 'v3 order.paid', 'ends: Placed']],
  ['refused-then-paid', ['Status=NOK', 'v3 order.payment_opened', 'Status=OK', 'v4 order.paid']],
  ['closed-tab', ['(pay-and-close-tab)', 'hears wake', 'v3 order.paid']],
  ['cancelled', ['v3 order.cancelled', 'Status=OK', 'این پرداخت پذیرفته نشد']],
  ['reorder', ['has it ordered at', 'at or below', 'supplier  has the order', 'books it', 'is received']],
])('where a shop runs the demo uses it, and tells %s in order', async (scenario, milestones) => {
  const { pid } = addresses();
  const { code, said, complained } = await demo('--scenario', scenario);
  expect(code, said + complained).toBe(0);
  expect(said).toContain(FINE);
  const places = milestones.map((milestone) => said.indexOf(milestone));
  expect(places, said).toEqual(places.toSorted((one, other) => one - other));
  expect(places, said).not.toContain(-1);
  expect(addresses().pid).toBe(pid);
});

test('when the gateway opens no page the demo says so and fails', async () => {
  await zarinpalControl(addresses().zarinpalUrl).fault({ kind: 'html', endpoint: 'request', times: 2 });
  const { code, complained } = await demo();
  expect(complained).toContain('got no payment page (gateway_unavailable)');
  expect(code).toBe(1);
});

test('when an invariant of the shop is broken the demo names it and fails', async () => {
  const database = new Client({ connectionString: addresses().databaseOwnerUrl });
  await database.connect();
  try {
    await database.query('UPDATE stock_levels SET on_hand = on_hand + 1');
  } finally {
    await database.end();
  }
  const { code, said, complained } = await demo();
  expect(said).toContain('ok   the order is placed and paid');
  expect(complained).toContain('on-hand-is-sum-of-movements is broken');
  expect(code).toBe(1);
});
