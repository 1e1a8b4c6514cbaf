import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { makeSigningKeys } from '../../platform/signing-keys';

/** Passwords and keys that a stack generates once and keeps, so that they differ from machine to machine. */
export interface StackSecrets {
  /** Of the owner of the database. */
  readonly postgresPassword: string;
  /** Of the role that the shop's processes connect as. */
  readonly shopPassword: string;
  /** Of the role that maintains the database. */
  readonly maintenancePassword: string;
  readonly tokenSecret: string;
  readonly hashSecret: string;
  /** A JWK Set. */
  readonly signingKeys: string;
  readonly refreshSecret: string;
  readonly factorKey: string;
  readonly supplierKey: string;
  readonly zarinpalMerchantId: string;
  readonly smsIrApiKey: string;
  readonly kavenegarApiKey: string;
  readonly twilioAccountSid: string;
  readonly twilioAuthToken: string;
  readonly smsCallbackSecret: string;
  readonly codePepper: string;
  readonly warmingSecret: string;
  readonly storageSecret: string;
  readonly s3AccessKey: string;
  readonly s3SecretKey: string;
}

/**
 * Returns the secrets of this file, which only its owner can read. Missing ones are generated and added: all of them at first,
 * later those that an older version did not have.
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
    shopPassword: randomBytes(18).toString('hex'),
    maintenancePassword: randomBytes(18).toString('hex'),
    tokenSecret: randomBytes(32).toString('base64url'),
    hashSecret: randomBytes(32).toString('base64url'),
    signingKeys: makeSigningKeys(),
    refreshSecret: randomBytes(32).toString('base64url'),
    factorKey: randomBytes(32).toString('base64url'),
    supplierKey: randomBytes(32).toString('base64url'),
    zarinpalMerchantId: randomUUID(),
    smsIrApiKey: randomBytes(32).toString('hex'),
    kavenegarApiKey: randomBytes(33).toString('hex'),
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
    smsCallbackSecret: randomBytes(32).toString('base64url'),
    codePepper: randomBytes(32).toString('base64url'),
    warmingSecret: randomBytes(32).toString('base64url'),
    storageSecret: randomBytes(32).toString('base64url'),
    s3AccessKey: randomBytes(10).toString('hex').toUpperCase(),
    s3SecretKey: randomBytes(30).toString('base64url'),
  };
}
