import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { IsBoolean, IsInt, IsOptional, IsString, Max, Min, MinLength } from 'class-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiConfig } from '../../../platform/config/api';
import { FactorConfig } from '../../../platform/config/auth';
import { CampaignsConfig } from '../../../platform/config/campaigns';
import { CheckoutConfig } from '../../../platform/config/checkout';
import { DatabaseConfig } from '../../../platform/config/database';
import { EdgeConfig } from '../../../platform/config/edge';
import { ConfigError, loadConfig, secretsOf } from '../../../platform/config/load-config';
import { PublicAddressConfig } from '../../../platform/config/public-address';
import { RedisConfig } from '../../../platform/config/redis';
import { RuntimeConfig } from '../../../platform/config/runtime';
import { SandboxConfig } from '../../../platform/config/sandbox';
import { Setting } from '../../../platform/config/setting';
import { SmsConfig } from '../../../platform/config/sms';
import { TokensConfig } from '../../../platform/config/tokens';
import { ZarinpalConfig } from '../../../platform/config/zarinpal';

class KettleConfig {
  @Setting('How many cups.')
  @IsInt()
  @Min(1)
  @Max(10)
  cupCount = 2;

  @Setting('Whether to whistle.')
  @IsBoolean()
  whistles = true;

  @Setting('The lock of the lid.', { secret: true })
  @IsString()
  @MinLength(8)
  lidSecret = 'development-lid';

  @Setting('The name of the kettle.', { kind: 'text' })
  @IsOptional()
  @IsString()
  kettleName?: string;

  @Setting('The temperature.', { variable: 'HEAT', kind: 'number' })
  @IsInt()
  heat!: number;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function problemsOfKettle(environment: Record<string, string>): readonly string[] {
  return problemsOf(() => loadConfig({ kettle: KettleConfig }, { HEAT: '1', ...environment }));
}

function fileWith(content: string): string {
  const file = join(folder, `secret-${Math.random()}`);
  writeFileSync(file, content);
  return file;
}

test('variables become typed values; absent and empty ones keep the default', () => {
  const { kettle } = loadConfig(
    { kettle: KettleConfig },
    { CUP_COUNT: '5', WHISTLES: 'false', HEAT: '90', KETTLE_NAME: '' },
  );

  expect(kettle).toEqual({ cupCount: 5, whistles: false, lidSecret: 'development-lid', heat: 90 });
});

test('all problems of all sections are reported at once, by variable', () => {
  const problems = problemsOf(() =>
    loadConfig(
      { kettle: KettleConfig, database: DatabaseConfig, redis: RedisConfig },
      { CUP_COUNT: '11', WHISTLES: 'yes', DATABASE_URL: 'mysql://x', DATABASE_POOL_SIZE: 'many' },
    ),
  );

  expect(problems).toEqual([
    'WHISTLES must be true or false',
    'CUP_COUNT must not be greater than 10 (it is 11)',
    'HEAT is missing: The temperature.',
    'DATABASE_POOL_SIZE must be a number',
    'DATABASE_URL must begin with postgres://',
    'REDIS_URL is missing: The address of the Redis that counts rate limits; without it each process counts for itself.',
  ]);
});

test('campaigns go through a provider that the shop sends through', () => {
  const load = (environment: Record<string, string>) =>
    problemsOf(() => loadConfig({ campaigns: CampaignsConfig, sms: SmsConfig }, environment));
  expect(load({ CAMPAIGN_PROVIDER: 'twilio', SMS_PROVIDERS: 'sms-ir,kavenegar' })).toEqual([
    'CAMPAIGN_PROVIDER must be one of SMS_PROVIDERS (it is "twilio")',
  ]);
  expect(load({ CAMPAIGN_PROVIDER: 'twilio', SMS_PROVIDERS: 'sms-ir,twilio' })).toEqual([]);
  expect(load({ SMS_PROVIDERS: 'twilio' })).toEqual([]);
});

test('a number is a plain decimal number', () => {
  for (const text of ['0x10', '1e3', ' 5', '5 ', '', 'Infinity', 'NaN', '9'.repeat(20)]) {
    const problems = problemsOf(() => loadConfig({ kettle: KettleConfig }, { HEAT: '1', CUP_COUNT: text }));
    expect(problems, text).toEqual(text === '' ? [] : ['CUP_COUNT must be a number']);
  }
});

test('a secret may come from a file, without its last line break', () => {
  const { kettle } = loadConfig(
    { kettle: KettleConfig },
    { HEAT: '1', LID_SECRET_FILE: fileWith('from the file\n') },
  );

  expect(kettle.lidSecret).toBe('from the file');
});

test('a secret both as variable and as file, an unreadable file and an empty one are refused', () => {
  expect(problemsOfKettle({ LID_SECRET: 'abcdefgh', LID_SECRET_FILE: fileWith('x') })).toEqual([
    'LID_SECRET and LID_SECRET_FILE are both set: choose one',
  ]);
  expect(problemsOfKettle({ LID_SECRET_FILE: join(folder, 'missing') })).toEqual([
    'LID_SECRET_FILE names a file that cannot be read (ENOENT)',
  ]);
  expect(problemsOfKettle({ LID_SECRET_FILE: fileWith('\n') })).toEqual([
    'LID_SECRET_FILE names an empty file',
  ]);
});

test('the entries of a list are separated by commas or line breaks', () => {
  const [first, second] = ['first-'.repeat(6), 'second-'.repeat(6)];
  const expected = [first, second];

  for (const environment of [
    { TOKEN_SECRET: `${first},${second}` },
    { TOKEN_SECRET: ` ${first} , ${second}, ` },
    { TOKEN_SECRET_FILE: fileWith(`${first}\n${second}\n`) },
  ]) {
    const { tokens } = loadConfig({ tokens: TokensConfig }, environment);
    expect(tokens.tokenSecrets).toEqual(expected);
    expect(secretsOf({ tokens })).toEqual(expect.arrayContaining(expected));
  }
});

test('every entry of a secret list is validated, and none is shown', () => {
  const long = 'long-'.repeat(8);

  for (const [text, said] of [
    [',', 'should not be empty'],
    [`${long},hush`, 'longer than or equal to 32'],
    [Array.from({ length: 6 }, () => long).join(','), 'no more than 5 elements'],
  ] as const) {
    const problems = problemsOf(() => loadConfig({ tokens: TokensConfig }, { TOKEN_SECRET: text }));
    expect(problems).toEqual([expect.stringMatching(/TOKEN_SECRET/)]);
    expect(problems[0]).toContain(said);
    expect(problems[0]).not.toMatch(/hush|long-/);
  }
});

test('production refuses a development secret anywhere in a list', () => {
  const { tokenSecrets } = new TokensConfig();
  const problems = problemsOf(() =>
    loadConfig(
      { tokens: TokensConfig },
      { NODE_ENV: 'production', TOKEN_SECRET: ['a-secret-'.repeat(4), ...tokenSecrets].join(',') },
    ),
  );

  expect(problems).toContain(
    'TOKEN_SECRET has a development value, which everybody knows: set one of your own',
  );
});

test('a setting that is not secret cannot come from a file', () => {
  const { kettle } = loadConfig({ kettle: KettleConfig }, { HEAT: '1', CUP_COUNT_FILE: fileWith('7') });

  expect(kettle.cupCount).toBe(2);
});

test('a problem never shows a secret', () => {
  const [problem, ...others] = problemsOf(() =>
    loadConfig({ kettle: KettleConfig }, { HEAT: '1', LID_SECRET: 'hush' }),
  );

  expect(others).toEqual([]);
  expect(problem).toContain('LID_SECRET');
  expect(problem).not.toContain('hush');
});

test('production refuses development secrets, addresses of this machine and sandboxes, all in one list', () => {
  const sections = {
    runtime: RuntimeConfig,
    address: PublicAddressConfig,
    tokens: TokensConfig,
    api: ApiConfig,
    factor: FactorConfig,
    zarinpal: ZarinpalConfig,
  };
  const problems = problemsOf(() =>
    loadConfig(sections, {
      NODE_ENV: 'production',
      STOREFRONT_RESULT_URL: 'http://shop.example/result',
      ZARINPAL_PAY_PAGE_URL: 'https://sandbox.zarinpal.com/pg/StartPay/',
    }),
  );

  expect(problems).toEqual([
    'PUBLIC_URL points to this machine, which nobody outside can reach',
    'STOREFRONT_RESULT_URL must be an https address in production',
    'ZARINPAL_BASE_URL points to this machine, which nobody outside can reach',
    'ZARINPAL_PAY_PAGE_URL points to a sandbox, where nobody pays real money',
    'TOKEN_SECRET has a development value, which everybody knows: set one of your own',
    'HASH_SECRET has a development value, which everybody knows: set one of your own',
    'FACTOR_KEYS has a development value, which everybody knows: set one of your own',
    'ZARINPAL_MERCHANT_ID has a development value, which everybody knows: set one of your own',
  ]);
});

test('production refuses to run a sandbox, on any address', () => {
  const environment = { NODE_ENV: 'production', SANDBOX_HOST: '10.0.0.7' };

  expect(problemsOf(() => loadConfig({ sandbox: SandboxConfig }, environment))).toEqual([
    'SANDBOX_HOST belongs to a sandbox, where nobody pays real money',
  ]);
  expect(loadConfig({ sandbox: SandboxConfig }, {}).sandbox.sandboxHost).toBe('127.0.0.1');
});

test('production starts with its own settings', () => {
  const config = loadConfig(
    {
      runtime: RuntimeConfig,
      address: PublicAddressConfig,
      tokens: TokensConfig,
      api: ApiConfig,
      factor: FactorConfig,
      zarinpal: ZarinpalConfig,
    },
    {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://api.shop.example',
      TOKEN_SECRET: 'a secret of the shop that nobody else knows',
      FACTOR_KEYS: 'a key of the factors that nobody else knows',
      HASH_SECRET: 'a key of the hashes that nobody else knows',
      ZARINPAL_MERCHANT_ID: '1f0e3dad-9990-4345-b743-9f8ffabdffc4',
      ZARINPAL_BASE_URL: 'https://payment.zarinpal.com',
      ZARINPAL_PAY_PAGE_URL: 'https://payment.zarinpal.com/pg/StartPay/',
    },
  );

  expect(config.runtime.nodeEnv).toBe('production');
});

test('development needs only the addresses of its servers', () => {
  const config = loadConfig(
    {
      runtime: RuntimeConfig,
      tokens: TokensConfig,
      api: ApiConfig,
      factor: FactorConfig,
      database: DatabaseConfig,
      redis: RedisConfig,
    },
    { DATABASE_URL: 'postgres://u:p@localhost/shop', REDIS_URL: 'redis://localhost' },
  );

  expect(config.api.apiPort).toBe(3000);
  expect(secretsOf(config)).toEqual([
    ...config.tokens.tokenSecrets,
    config.api.hashSecret,
    ...config.factor.factorKeys,
    'postgres://u:p@localhost/shop',
    'redis://localhost',
  ]);
});

test.each(['*', 'none', 'https://shop.example', 'http://localhost:5173, https://[2001:db8::1]:8443'])(
  'BROWSER_ORIGINS may be %s',
  (origins) => {
    const { edge } = loadConfig({ edge: EdgeConfig }, { BROWSER_ORIGINS: origins });

    expect(edge.browserOrigins).toBe(origins);
  },
);

test.each(['https://shop.example/', 'shop.example', 'https://shop.example,*', 'https://*.example', 'null'])(
  'BROWSER_ORIGINS must not be %s',
  (origins) => {
    expect(problemsOf(() => loadConfig({ edge: EdgeConfig }, { BROWSER_ORIGINS: origins }))).toEqual([
      `BROWSER_ORIGINS must be *, none, or origins like https://shop.example (it is "${origins}")`,
    ]);
  },
);

test('limits with which a total would not be exact are refused', () => {
  const load = (environment: Record<string, string>) => loadConfig({ checkout: CheckoutConfig }, environment);

  expect(() => load({ UNITS_PER_LINE: '100000' })).toThrow(
    'UNITS_PER_LINE times CART_LINES must not be greater than 9007, or totals would not be exact (it is 100000)',
  );
  expect(() => load({ CART_LINES: '451' })).toThrow(/UNITS_PER_LINE times CART_LINES/);
  expect(load({ UNITS_PER_LINE: '9007', CART_LINES: '1' }).checkout.unitsPerLine).toBe(9_007);
});
