import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll } from 'vitest';

import type { Addresses } from '../../sandbox/stack/running-file';
import { startLauncher, type Launcher } from '../support/launcher';
import { removeFolder, scratchFolder } from '../support/scratch-folder';

/** The whole shop as `npm run dev` starts it, for the tests of one file. */
export interface DevShop {
  /** The folder of its state. */
  readonly state: string;
  readonly launcher: Launcher;
  addresses(): Addresses;
  /** The port that was chosen under this name. */
  portOf(name: string): number;
  /** A page of the catalogue over HTTP. */
  products(): Promise<{ status: number; count: number }>;
  /** Starts it again in the same folder. */
  start(): Promise<void>;
}

/** @param environment variables of the launcher */
export function devShop(environment: Readonly<Record<string, string>> = {}): DevShop {
  let folder: string;
  let launcher: Launcher;
  const state = () => join(folder, 'state');

  async function start(): Promise<void> {
    launcher = startLauncher({ state: state(), environment });
    await launcher.prints('Asoud is up after');
  }

  function addresses(): Addresses {
    return JSON.parse(readFileSync(join(state(), 'running.json'), 'utf8')) as Addresses;
  }

  beforeAll(async () => {
    folder = scratchFolder('dev-shop');
    await start();
  });
  afterAll(async () => {
    launcher.kill('SIGKILL');
    await launcher.ended;
    await removeFolder(folder);
  });
  return {
    get state() {
      return state();
    },
    get launcher() {
      return launcher;
    },
    addresses,
    portOf(name) {
      const ports = JSON.parse(readFileSync(join(state(), 'ports.json'), 'utf8')) as Record<
        string,
        { port: number }
      >;
      return ports[name]!.port;
    },
    start,
    async products() {
      const response = await fetch(`${addresses().apiUrl}/api/v1/products?limit=3`);
      const body = (await response.json()) as { items?: unknown[] };
      return { status: response.status, count: body.items?.length ?? 0 };
    },
  };
}
