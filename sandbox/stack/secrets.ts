import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What a stack makes up once and keeps: passwords and keys that must not be the same on every machine. */
export interface StackSecrets {
  readonly postgresPassword: string;
  readonly tokenSecret: string;
  readonly staffToken: string;
  readonly zarinpalMerchantId: string;
}

/** The secrets of this file, made up at first, readable by its owner only. */
export function keepSecrets(file: string): StackSecrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as StackSecrets;
  const secrets = makeSecrets();
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

function makeSecrets(): StackSecrets {
  return {
    postgresPassword: randomBytes(18).toString('hex'),
    tokenSecret: randomBytes(32).toString('base64url'),
    staffToken: randomBytes(32).toString('base64url'),
    zarinpalMerchantId: randomUUID(),
  };
}
