import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { Addresses } from '../../sandbox/stack/running-file';
import { allGone, startLauncher, type Launcher } from '../support/launcher';

const UP = 'Asoud is up after';

let folder: string;
let state: string;
let launcher: Launcher;

/** The whole shop, as `npm run dev` starts it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-shop-'));
  chmodSync(folder, 0o755);
  state = join(folder, 'state');
  launcher = startLauncher({ state });
  await launcher.prints(UP);
}, 120_000);

afterAll(async () => {
  launcher.kill('SIGKILL');
  await launcher.ended;
  await vi.waitFor(() => rmSync(folder, { recursive: true, force: true }), { timeout: 60_000 });
}, 120_000);

function addresses(): Addresses {
  return JSON.parse(readFileSync(join(state, 'running.json'), 'utf8')) as Addresses;
}

async function products(): Promise<{ status: number; count: number }> {
  const response = await fetch(`${addresses().apiUrl}/api/v1/products?limit=3`);
  const body = (await response.json()) as { items?: unknown[] };
  return { status: response.status, count: body.items?.length ?? 0 };
}

test('one command gives a running shop with a catalogue, and says where everything is', async () => {
  const { apiUrl, zarinpalUrl, temporalUiUrl, pid } = addresses();
  expect(pid).toBe(launcher.pid);
  for (const address of [apiUrl, zarinpalUrl, `${temporalUiUrl}/namespaces/asoud/workflows`]) {
    expect(launcher.output()).toContain(address);
  }
  expect(await products()).toEqual({ status: 200, count: 3 });
  for (const url of [`${apiUrl}/docs`, zarinpalUrl, temporalUiUrl!]) {
    expect((await fetch(url)).status, url).toBe(200);
  }
});

test('every process of the shop comes back after kill -9', async () => {
  const killed = launcher.processes().filter(({ name }) => ['api', 'worker', 'sandbox'].includes(name));
  expect(killed).toHaveLength(3);
  for (const { pid } of killed) process.kill(pid, 'SIGKILL');
  for (const { name } of killed) await launcher.prints(`${name} is back`);
  expect(await products()).toEqual({ status: 200, count: 3 });
});

test('after Ctrl-C nothing is left, and the next start shows the same shop', async () => {
  const [before, processes] = [addresses(), launcher.processes()];
  launcher.kill('SIGINT');
  expect(await launcher.ended).toBe(0);
  await allGone(processes);
  expect(existsSync(join(state, 'running.json'))).toBe(false);

  launcher = startLauncher({ state });
  await launcher.prints(UP);
  expect(addresses()).toEqual({ ...before, pid: launcher.pid });
  expect(await products()).toEqual({ status: 200, count: 3 });
});
