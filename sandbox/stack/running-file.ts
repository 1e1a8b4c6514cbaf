import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the sandboxes of the providers listen. */
export interface SandboxUrls {
  readonly zarinpalUrl: string;
  readonly smsIrUrl: string;
  readonly kavenegarUrl: string;
  readonly twilioUrl: string;
  readonly s3Url: string;
  readonly supplierUrl: string;
  /** What all SMS sandboxes have sent. */
  readonly smsInboxUrl: string;
}

/** The addresses of a running stack, for scripts and the demo. */
export interface Addresses extends SandboxUrls {
  readonly pid: number;
  readonly apiUrl: string;
  /** Where sockets connect, below `/ws`. */
  readonly realtimeUrl: string;
  readonly temporalUiUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** As the role of the shop's processes. */
  readonly databaseUrl: string;
  /** As the owner, for migrations. */
  readonly databaseOwnerUrl: string;
  /** As the role that maintains the database. Undefined where somebody else runs Postgres. */
  readonly databaseMaintenanceUrl: string | undefined;
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
