import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createApiClient } from '../../api/client/client';
import { until } from './until';

/** The addresses of a shop and its servers, as `npm run dev` announces them. */
export interface ShopAddresses {
  readonly pid: number;
  readonly apiUrl: string;
  readonly realtimeUrl: string;
  readonly zarinpalUrl: string;
  readonly smsIrUrl: string;
  readonly smsInboxUrl: string;
  readonly supplierUrl: string;
  readonly temporalUiUrl?: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** As the role of the shop's processes. */
  readonly databaseUrl: string;
  /** As the owner, for migrations. */
  readonly databaseOwnerUrl: string;
  /** As the role that maintains the database. */
  readonly databaseMaintenanceUrl?: string;
}

const ANSWERS_WITHIN_MS = 20_000;

/** The running shop whose state is in this folder; undefined when there is none, even if a killed launcher left its file. */
export async function findRunningShop(directory: string): Promise<ShopAddresses | undefined> {
  const shop = readRunningShop(directory);
  if (!shop) return undefined;
  const api = createApiClient(shop.apiUrl);
  await until(
    () =>
      api.call('getReadiness', {}).then(
        () => 'ready',
        (error: unknown) => String(error),
      ),
    (answer) => answer === 'ready',
    ANSWERS_WITHIN_MS,
    (answer) => `The shop at ${shop.apiUrl} (process ${shop.pid}) is not ready: ${answer}`,
  );
  return shop;
}

/** The same without asking whether it is ready. */
export function readRunningShop(directory: string): ShopAddresses | undefined {
  const shop = readAddresses(join(directory, 'running.json'));
  return shop && isAlive(shop.pid) ? shop : undefined;
}

function readAddresses(file: string): ShopAddresses | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ShopAddresses;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Another process may have this number by now. Then the shop does not answer, and the demo says so. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
