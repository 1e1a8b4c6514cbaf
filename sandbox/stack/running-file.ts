import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The addresses of a running stack, for scripts and the demo. */
export interface Addresses {
  readonly pid: number;
  readonly apiUrl: string;
  readonly zarinpalUrl: string;
  readonly smsInboxUrl: string;
  /** The SMS sandboxes, by the name that the shop has for each provider. */
  readonly smsUrls: Readonly<Record<string, string>>;
  readonly temporalUiUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** As the role of the shop's processes. */
  readonly databaseUrl: string;
  /** As the owner, for migrations. */
  readonly databaseOwnerUrl: string;
  readonly redisUrl: string;
}

const NAME = 'running.json';

/** Writes the addresses to a file while the stack runs. Only its owner can read it, because it contains passwords. */
export function announce(directory: string, addresses: Addresses): void {
  const file = join(directory, NAME);
  writeFileSync(`${file}.new`, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Removes the file again. */
export function withdraw(directory: string): void {
  rmSync(join(directory, NAME), { force: true });
}
