import { randomBytes, randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { ApiConfig } from '../../../platform/config/api';
import { FactorConfig } from '../../../platform/config/auth';
import { DatabaseConfig } from '../../../platform/config/database';
import { KavenegarConfig } from '../../../platform/config/kavenegar';
import { ConfigError, loadConfig } from '../../../platform/config/load-config';
import { PublicAddressConfig } from '../../../platform/config/public-address';
import { RedisConfig } from '../../../platform/config/redis';
import { SmsCallbackConfig, SmsConfig } from '../../../platform/config/sms';
import { SmsIrConfig } from '../../../platform/config/sms-ir';
import { TokensConfig } from '../../../platform/config/tokens';
import { TwilioConfig } from '../../../platform/config/twilio';
import { ZarinpalConfig } from '../../../platform/config/zarinpal';

const SECTIONS = {
  address: PublicAddressConfig,
  tokens: TokensConfig,
  api: ApiConfig,
  factor: FactorConfig,
  database: DatabaseConfig,
  redis: RedisConfig,
  zarinpal: ZarinpalConfig,
};
const DEVELOPMENT = new ApiConfig();

function secret(): string {
  return randomBytes(24).toString('base64url');
}

function settings(changes: Record<string, string> = {}): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://api.shop.example',
    TOKEN_SECRET: secret(),
    FACTOR_KEYS: secret(),
    HASH_SECRET: secret(),
    DATABASE_URL: `postgres://shop:${secret()}@db.shop.example/shop`,
    REDIS_URL: 'redis://cache.shop.example',
    ZARINPAL_MERCHANT_ID: randomUUID(),
    ZARINPAL_BASE_URL: 'https://payment.zarinpal.com',
    ZARINPAL_PAY_PAGE_URL: 'https://payment.zarinpal.com/pg/StartPay/',
    ...changes,
  };
}

/** What production says about these settings. */
function refusals(changes: Record<string, string>, nodeEnv = 'production'): readonly string[] {
  try {
    loadConfig(SECTIONS, settings({ ...changes, NODE_ENV: nodeEnv }));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('production accepts secrets that were drawn at random, however they are written', () => {
  for (let round = 0; round < 500; round += 1) {
    expect(refusals({ HASH_SECRET: randomBytes(16).toString('hex') })).toEqual([]);
  }
});

test('production refuses a development secret in the place of another, with something around it, or in other letters', () => {
  const [tokenSecret] = new TokensConfig().tokenSecrets as [string];
  const [factorKey] = new FactorConfig().factorKeys as [string];
  const said = (variable: string) => [
    `${variable} has a development value, which everybody knows: set one of your own`,
  ];

  expect(refusals({ TOKEN_SECRET: factorKey })).toEqual(said('TOKEN_SECRET'));
  expect(refusals({ FACTOR_KEYS: DEVELOPMENT.hashSecret })).toEqual(said('FACTOR_KEYS'));
  expect(refusals({ HASH_SECRET: `${DEVELOPMENT.hashSecret} ` })).toEqual(said('HASH_SECRET'));
  expect(refusals({ HASH_SECRET: `my-${tokenSecret}-2` })).toEqual(said('HASH_SECRET'));
  expect(refusals({ TOKEN_SECRET: `${secret()},${tokenSecret.toUpperCase()}` })).toEqual(
    said('TOKEN_SECRET'),
  );
});

test('production refuses secrets that are easy to guess', () => {
  for (const weak of [
    'a'.repeat(32),
    '0123456789'.repeat(4),
    'abcdefghij klmnop'.repeat(3),
    '1-'.repeat(40),
  ]) {
    expect(refusals({ HASH_SECRET: weak }), weak).toEqual([
      'HASH_SECRET is easy to guess: take one at random, for instance from openssl rand -hex 32',
    ]);
  }
  expect(refusals({ ZARINPAL_MERCHANT_ID: '11111111-1111-4111-8111-111111111111' })).toHaveLength(1);
});

test('production refuses one secret for two purposes, or twice in a list', () => {
  const same = secret();

  expect(refusals({ TOKEN_SECRET: same, HASH_SECRET: `${same}\n` })).toEqual([
    'HASH_SECRET has the same value as TOKEN_SECRET: each secret needs its own',
  ]);
  expect(refusals({ FACTOR_KEYS: `${secret()},${same}`, TOKEN_SECRET: `${same},${secret()}` })).toEqual([
    'FACTOR_KEYS has the same value as TOKEN_SECRET: each secret needs its own',
  ]);
  expect(refusals({ TOKEN_SECRET: `${same},${same}` })).toEqual(['TOKEN_SECRET has the same value twice']);
});

test.each([
  'postgres://asoud:asoud@db.shop.example/asoud',
  'postgres://shop:postgres-shop-1@db.shop.example/shop',
  'postgresql://shop:s%68op@db.shop.example/shop',
  'postgres://shop@db.shop.example/shop?password=shop',
  'postgres://shop:aaaaaaaaaaaaaaaa@db.shop.example/shop',
])('production refuses the guessable password of the database in %s', (url) => {
  expect(refusals({ DATABASE_URL: url })).toEqual([
    'DATABASE_URL has a password that is easy to guess: take one of at least 12 characters at random',
  ]);
});

test('production accepts a server that knows its clients without a password, and Redis without one', () => {
  expect(refusals({ DATABASE_URL: 'postgres://shop@db.shop.example/shop?sslcert=a.pem' })).toEqual([]);
  expect(refusals({ REDIS_URL: 'redis://:redis@cache.shop.example' })).toEqual([
    'REDIS_URL has a password that is easy to guess: take one of at least 12 characters at random',
  ]);
});

test.each([
  'https://10.0.0.7',
  'https://192.168.1.5:8443',
  'https://172.20.0.3',
  'https://100.64.0.9',
  'https://169.254.1.1',
  'https://[fd00::7]',
  'https://[fe80::1]',
  'https://[::ffff:10.0.0.7]',
  'https://shop.localhost',
  'https://api',
  'https://shop.local',
  'https://shop.internal',
])('production refuses %s as an address for buyers', (url) => {
  for (const variable of ['PUBLIC_URL', 'STOREFRONT_RESULT_URL', 'ZARINPAL_PAY_PAGE_URL']) {
    expect(refusals({ [variable]: url })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${variable} points to (this machine|a private network), which nobody outside can reach$`,
        ),
      ),
    ]);
  }
});

test('production accepts public addresses', () => {
  for (const url of ['https://shop.ir', 'https://185.143.234.1', 'https://[2a01:4f8::1]/api']) {
    expect(refusals({ PUBLIC_URL: url }), url).toEqual([]);
  }
});

test('development accepts all of that', () => {
  const weak = 'a'.repeat(32);
  const changes = {
    TOKEN_SECRET: weak,
    HASH_SECRET: weak,
    DATABASE_URL: 'postgres://asoud:asoud@127.0.0.1/asoud',
    PUBLIC_URL: 'http://10.0.0.7:3000',
  };

  expect(refusals(changes, 'development')).toEqual([]);
});

/** What production says about the settings of SMS. */
function smsRefusals(changes: Record<string, string>): readonly string[] {
  const sections = {
    sms: SmsConfig,
    callback: SmsCallbackConfig,
    smsIr: SmsIrConfig,
    kavenegar: KavenegarConfig,
    twilio: TwilioConfig,
  };
  try {
    loadConfig(sections, { NODE_ENV: 'production', SMS_CALLBACK_SECRETS: secret(), ...changes });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const SMS_IR = {
  SMS_IR_BASE_URL: 'https://api.sms.ir',
  SMS_IR_API_KEY: secret(),
  SMS_IR_LINE: '30001234567890',
};

test('production needs the credentials of the SMS providers that it sends through, and of no other', () => {
  expect(smsRefusals({ SMS_PROVIDERS: 'sms-ir', ...SMS_IR })).toEqual([]);
  const smsIr = [
    'SMS_IR_BASE_URL points to this machine, which nobody outside can reach',
    'SMS_IR_LINE has a value of the sandbox: set that of your account',
    'SMS_IR_API_KEY has a development value, which everybody knows: set one of your own',
  ];
  expect(smsRefusals({ SMS_PROVIDERS: 'sms-ir' })).toEqual(smsIr);
  expect(smsRefusals({})).toEqual(expect.arrayContaining(smsIr));
  expect(smsRefusals({}).filter((problem) => /KAVENEGAR/.test(problem))).toHaveLength(2);
  expect(smsRefusals({ SMS_PROVIDERS: 'twilio' }).map((problem) => problem.split(' ')[0])).toEqual([
    'TWILIO_BASE_URL',
    'TWILIO_ACCOUNT_SID',
    'TWILIO_FROM',
    'TWILIO_AUTH_TOKEN',
  ]);
});

test('production sends to no sandbox, not over http, and through known providers once each', () => {
  const only = { SMS_PROVIDERS: 'sms-ir', ...SMS_IR };
  expect(smsRefusals({ ...only, SMS_IR_BASE_URL: 'http://api.sms.ir' })).toHaveLength(1);
  expect(smsRefusals({ ...only, SMS_IR_BASE_URL: 'https://sandbox.sms.example' })).toHaveLength(1);
  expect(smsRefusals({ ...only, SMS_PROVIDERS: 'sms-ir,sms-ir' })).toHaveLength(1);
  expect(smsRefusals({ ...only, SMS_PROVIDERS: 'sms-ir,pigeon' })).toHaveLength(1);
  expect(smsRefusals({ ...only, SMS_PROVIDERS: ',' })).toHaveLength(1);
  expect(
    smsRefusals({ ...only, SMS_CALLBACK_SECRETS: new SmsCallbackConfig().smsCallbackSecrets[0]! }),
  ).toEqual(['SMS_CALLBACK_SECRETS has a development value, which everybody knows: set one of your own']);
});
