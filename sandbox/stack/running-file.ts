import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything is, for scripts and the demo. */
export interface Addresses {
  readonly pid: number;
  readonly apiUrl: string;
  readonly zarinpalUrl: string;
  readonly temporalUiUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

const NAME = 'running.json';

/** Writes the addresses down while the stack runs; only its owner can read them, because they hold a password. */
export function announce(directory: string, addresses: Addresses): void {
  const file = join(directory, NAME);
  writeFileSync(`${file}.new`, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Takes the announcement back. */
export function withdraw(directory: string): void {
  rmSync(join(directory, NAME), { force: true });
}
