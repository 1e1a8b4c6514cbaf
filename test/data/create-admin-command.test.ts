import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readStaff } from '../../entities/staff/staff-member';
import { FactorConfig } from '../../platform/config/auth';
import { buildPhone } from '../support/factories/phone';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

/** What `npm run create-admin` runs. Its output is no terminal here. */
const create = (...parameters: string[]) =>
  promisify(execFile)(
    process.execPath,
    [join(__dirname, '../../dist/commands/create-admin.js'), ...parameters],
    {
      env: { DATABASE_URL: shop.url, FACTOR_KEYS: new FactorConfig().factorKeys[0]! },
    },
  ).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

const admins = async () =>
  (await readStaff(shop.database.manager)).filter(
    ({ roles, isEnrolled }) => roles.includes('admin') && isEnrolled,
  );

test('it makes no admin where it cannot, and says why', async () => {
  const phone = buildPhone();
  const refusals = await Promise.all([
    create('--phone', phone),
    create('--print'),
    create('--print', '--phone', '02188776655'),
    create('--print', '--telephone', phone),
  ]);

  expect(refusals.map(({ code, stdout }) => [code, stdout])).toEqual(
    Array.from({ length: 4 }, () => [2, '']),
  );
  expect(refusals.map(({ stderr }) => stderr.split('\n')[0])).toEqual([
    'The secrets are for a terminal, and the output is none. --print prints them anyway.',
    '--phone must be a mobile number of Iran.',
    '--phone must be a mobile number of Iran.',
    expect.stringContaining("Unknown option '--telephone'"),
  ]);
  expect(await admins()).toEqual([]);
});

test('it makes the first admin, prints the secrets once and stores none of them, and makes another when told', async () => {
  const phone = buildPhone();

  const { code, stdout } = await create('--print', '--phone', phone);

  expect(code).toBe(0);
  const secret = /secret=([A-Z2-7]{32})&/.exec(stdout)?.[1];
  const recoveryCodes = stdout.match(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/gm);
  expect([secret, recoveryCodes]).toEqual([expect.any(String), expect.objectContaining({ length: 10 })]);
  expect(stdout).not.toContain(phone.slice(-9));
  expect((await admins()).map((admin) => admin.phone)).toEqual([phone]);
  const second = await create('--print', '--phone', buildPhone());
  expect([second.code, second.stdout]).toEqual([1, expect.stringContaining('There is an admin already')]);
  expect((await create('--print', '--another', '--phone', buildPhone())).code).toBe(0);
  expect(await admins()).toHaveLength(2);
  const [kept] = await rows<{ text: string }>(
    shop.database.manager,
    'SELECT concat((SELECT json_agg(f) FROM factors f), (SELECT json_agg(r) FROM recovery_codes r)) AS text',
  );
  expect([secret!, ...recoveryCodes!].filter((it) => kept!.text.includes(it))).toEqual([]);
  await shop.assertInvariantsHold();
});
