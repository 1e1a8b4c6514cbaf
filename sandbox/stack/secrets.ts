import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What a stack makes up once and keeps: passwords and keys that must not be the same on every machine. */
export interface StackSecrets {
  readonly postgresPassword: string;
  readonly tokenSecret: string;
  readonly hashSecret: string;
  readonly staffToken: string;
  readonly zarinpalMerchantId: string;
}

/**
 * The secrets of this file, readable by its owner only. What the file lacks is made up and kept: all of it at first, and
 * later what an older version did not know.
 */
export function keepSecrets(file: string): StackSecrets {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<StackSecrets>) : {};
  const secrets = { ...makeSecrets(), ...kept };
  if (Object.keys(secrets).length > Object.keys(kept).length) {
    writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}

function makeSecrets(): StackSecrets {
  return {
    postgresPassword: randomBytes(18).toString('hex'),
    tokenSecret: randomBytes(32).toString('base64url'),
    hashSecret: randomBytes(32).toString('base64url'),
    staffToken: randomBytes(32).toString('base64url'),
    zarinpalMerchantId: randomUUID(),
  };
}
