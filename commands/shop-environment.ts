import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { environmentWith, type Environment } from '../platform/config/environment';
import { ConfigError } from '../platform/config/load-config';
import { readRunningShop } from './demo/find-shop';

const HOME = resolve(__dirname, '../../.asoud');

/**
 * The variables of a command: those of its environment or, when they name no database, those of the shop that `npm run dev`
 * runs in this clone, or in the folder of `--state`. Throws ConfigError when there is no such shop.
 */
export function shopEnvironment(parameters: readonly string[] = process.argv.slice(2)): Environment {
  const given = environmentWith({});
  if (given['DATABASE_URL'] || given['DATABASE_URL_FILE']) return given;
  const { state } = parseArgs({ args: [...parameters], options: { state: { type: 'string' } } }).values;
  const folder = state === undefined ? HOME : resolve(state);
  const shop = readRunningShop(folder);
  if (!shop) {
    throw new ConfigError([
      `DATABASE_URL is missing, and no shop runs with its state in ${folder}: start one with npm run dev, or set the variable`,
    ]);
  }
  process.stderr.write(`Using the shop that runs at ${shop.apiUrl} (${join(folder, 'running.json')}).\n`);
  return {
    ...given,
    ...(given['FACTOR_KEYS'] || given['FACTOR_KEYS_FILE'] ? {} : factorKeysIn(folder)),
    DATABASE_URL: shop.databaseUrl,
    DATABASE_OWNER_URL: shop.databaseOwnerUrl,
    ...(shop.databaseMaintenanceUrl && { DATABASE_MAINTENANCE_URL: shop.databaseMaintenanceUrl }),
    TEMPORAL_ADDRESS: shop.temporalAddress,
    TEMPORAL_NAMESPACE: shop.temporalNamespace,
    // Its port may be another than the usual one, and the seed writes it into the addresses of pictures.
    PUBLIC_URL: given['PUBLIC_URL'] || shop.apiUrl,
  };
}

/** What the launcher has generated for its shop, as far as a command of that shop needs it. */
function factorKeysIn(folder: string): Environment {
  try {
    const secrets = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as { factorKey?: string };
    return secrets.factorKey === undefined ? {} : { FACTOR_KEYS: secrets.factorKey };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
