import { parseArgs } from 'node:util';

import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { createAdmin, type CreatedAdmin } from '../entities/staff/create-admin';
import { phoneNumber } from '../entities/values/phone-number';
import { createAuthenticators } from '../platform/authenticators';
import { FactorConfig } from '../platform/config/auth';
import { DatabaseConfig } from '../platform/config/database';
import { loadConfig } from '../platform/config/load-config';
import { PublicAddressConfig } from '../platform/config/public-address';
import { SmsMessagesConfig } from '../platform/config/sms';
import { openPostgres } from '../platform/postgres';
import { runProcess } from '../platform/run-process';
import { base32Of, otpauthUri } from '../platform/totp';
import { withTransaction } from '../platform/transaction';
import { shopEnvironment } from './shop-environment';

const USAGE = `npm run create-admin -- --phone <number> [options]

Makes the person with a number an admin, and prints the secret of the authenticator and the recovery codes, once. The second factor
counts at once: sign in with a code by SMS and what the authenticator shows. Uses DATABASE_URL and FACTOR_KEYS, or the shop that
npm run dev runs.

  --phone <number>  a mobile number in any spelling
  --another         also when there is an admin; a second factor that the person has is replaced
  --print           print the secrets although the output is no terminal
  --state <folder>  use the shop whose state is in this folder instead of .asoud
  --help            show this
`;

/** `npm run create-admin`: the first admin, and one who comes back after all have lost their factors. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (!options.print && !process.stdout.isTTY)
    refuse('The secrets are for a terminal, and the output is none. --print prints them anyway.');
  const config = loadConfig(
    {
      database: DatabaseConfig,
      factor: FactorConfig,
      publicAddress: PublicAddressConfig,
      smsMessages: SmsMessagesConfig,
    },
    shopEnvironment(options.state === undefined ? [] : ['--state', options.state]),
  );
  const phone = phoneNumber(options.phone ?? '', { isStrict: config.smsMessages.smsStrictNumbers });
  if (phone === undefined) refuse('--phone must be a mobile number of Iran.');
  const database = await openPostgres(
    { ...config.database, databasePoolSize: 1 },
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-create-admin',
  );
  try {
    const authenticators = createAuthenticators(config.factor.factorKeys);
    const created = await withTransaction(database, (transaction) =>
      createAdmin(transaction, { phone, another: options.another, authenticators }),
    );
    process.stdout.write(tell(created, new URL(config.publicAddress.publicUrl).hostname));
    if (created.kind !== 'created') process.exitCode = 1;
  } finally {
    await database.destroy();
  }
}

function tell(created: CreatedAdmin, issuer: string): string {
  if (created.kind === 'exists')
    return 'There is an admin already, who can invite others. --another makes one more.\n';
  if (created.kind !== 'created') return 'The account with this number is blocked: nothing was changed.\n';
  const { accountId, secret, recoveryCodes } = created;
  return [
    `The account ${accountId} is an admin.`,
    '',
    'The authenticator reads this address, or takes the secret in it:',
    otpauthUri(secret, { issuer, account: 'staff' }),
    base32Of(secret),
    '',
    'Each recovery code takes the place of the authenticator once. Print them:',
    ...recoveryCodes,
    '',
    'None of this is shown again.',
    '',
  ].join('\n');
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        phone: { type: 'string' },
        another: { type: 'boolean', default: false },
        print: { type: 'boolean', default: false },
        state: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    refuse((error as Error).message);
  }
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n\n${USAGE}`);
  process.exit(2);
}

void runProcess(main);
