import { randomInt, randomUUID } from 'node:crypto';

import { createApiClient, type ApiClient } from '../../api/client/client';
import { createApiSession, keptOf } from '../../api/client/session';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { createAdmin } from '../../entities/staff/create-admin';
import { createAuthenticators } from '../../platform/authenticators';
import { FactorConfig } from '../../platform/config/auth';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { totpOf, totpStepAt } from '../../platform/totp';
import { withTransaction } from '../../platform/transaction';
import { shopEnvironment } from '../shop-environment';
import type { ShopAddresses } from './find-shop';
import { codeIn, readInbox } from './inbox';
import type { Timeline } from './timeline';
import { until } from './until';

const DELIVERED_WITHIN_MS = 60_000;
const POLL_MS = 200;

/** A new admin of the shop, as `npm run create-admin` makes one, who signs in with a code and an authenticator. */
export async function signInAdmin(
  shop: ShopAddresses,
  directory: string,
  timeline: Timeline,
): Promise<ApiClient> {
  const phone = `+98912${randomInt(1_000_000, 9_999_999)}`;
  const secret = await makeAdmin(phone, directory);
  const guest = createApiClient(shop.apiUrl);
  const { data: asked } = await guest.call('requestCode', {
    headers: { 'Idempotency-Key': randomUUID() },
    body: { phone, language: 'en' },
  });
  const [message] = await until(
    () => readInbox(shop, phone),
    (messages) => messages.length > 0,
    DELIVERED_WITHIN_MS,
    () => `no code has arrived: see ${shop.smsInboxUrl}`,
    POLL_MS,
  );
  const { data: first } = await guest.call('signIn', {
    body: { verificationId: asked.id, phone, code: codeIn(message!) ?? '', delivery: 'body' },
  });
  if (!('secondFactor' in first)) throw new Error('an admin signs in with two factors');
  const { data: answer } = await guest.call('showSecondFactor', {
    body: {
      token: first.secondFactor.token,
      code: totpOf(secret, totpStepAt(Date.now())),
      delivery: 'body',
      deviceLabel: 'The demo',
    },
  });
  timeline.said('staff', 'signs in with a code and an authenticator');
  const session = createApiSession({ api: guest, kept: keptOf(answer.session) });
  return createApiClient(shop.apiUrl, { session });
}

async function makeAdmin(phone: string, directory: string): Promise<Buffer> {
  const config = loadConfig(
    { database: DatabaseConfig, factor: FactorConfig },
    shopEnvironment(['--state', directory]),
  );
  const database = await openPostgres(
    { ...config.database, databasePoolSize: 1 },
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-demo',
  );
  try {
    const authenticators = createAuthenticators(config.factor.factorKeys);
    const created = await withTransaction(database, (transaction) =>
      createAdmin(transaction, { phone, another: true, authenticators }),
    );
    if (created.kind !== 'created') throw new Error(`nobody was made an admin: ${created.kind}`);
    return created.secret;
  } finally {
    await database.destroy();
  }
}
