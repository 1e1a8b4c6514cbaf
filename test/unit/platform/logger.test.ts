import { expect, test } from 'vitest';

import { createLogger } from '../../../platform/logger';
import { collectLines } from './log-lines';

function buildLogger(secrets: readonly string[] = []) {
  const collected = collectLines();
  const logger = createLogger(
    { logLevel: 'info' },
    { service: 'api', secrets, destination: collected.destination },
  );
  return { logger, ...collected };
}

test('a line is one JSON object with time, level, service, message and context', () => {
  const { logger, lines } = buildLogger();

  logger.child({ orderId: 'o-1' }).info({ total: 5 }, 'placed');
  logger.debug('not written');

  expect(lines()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'api',
      orderId: 'o-1',
      total: 5,
      msg: 'placed',
    },
  ]);
});

test('tokens, merchant ids, authorization, card data and mobile numbers are hidden at any depth', () => {
  const { logger, text, lines } = buildLogger();

  logger.child({ cartToken: 'capability-1' }).info(
    {
      request: { headers: { Authorization: 'Bearer abc.def', 'x-order-token': 'capability-2' } },
      deep: { deeper: { deepest: [{ merchant_id: '1f0e3dad-9990-4345-b743-9f8ffabdffc4' }] } },
      answer: JSON.stringify({ data: { card_pan: '502229******5995', card_hash: 'EBA"\\F1', ok: 1 } }),
      card_pan: 5_022_291_234_565_995,
      mobile: '09121234567',
      note: 'call +989121234567 or 00989121234567 about 5022291234565995',
    },
    'buyer 09351234567 paid',
  );

  for (const hidden of [
    'capability',
    'abc.def',
    '1f0e3dad',
    '502229',
    'EBA',
    'F1',
    '912123',
    '935123',
    '5995',
  ]) {
    expect(text(), hidden).not.toContain(hidden);
  }
  expect(JSON.parse(lines()[0]?.answer as string)).toEqual({
    data: { card_pan: '[hidden]', card_hash: '[hidden]', ok: 1 },
  });
});

test('ids, amounts, times and references stay readable', () => {
  const { logger, lines } = buildLogger();
  const shown = {
    orderId: '0199c0de-7f00-7abc-8def-091212345670',
    total: 1_234_567_890,
    at: 1_763_900_000_000,
    refId: '201234567890',
    authority: 'A0000000000000000000000000000wwOGYpd',
  };

  logger.info(shown, 'settled');

  expect(lines()[0]).toMatchObject(shown);
});

test('a secret of the configuration is hidden everywhere', () => {
  const { logger, text } = buildLogger(['postgres://u:p"w@host/db', 'staff-token-of-the-shop']);

  logger.error({ err: new Error('cannot reach postgres://u:p"w@host/db') }, 'with staff-token-of-the-shop');

  expect(text()).not.toContain('p\\"w');
  expect(text()).not.toContain('staff-token');
});

test('a password in a URL is hidden even if it is not a known secret', () => {
  const { logger, lines } = buildLogger();

  logger.info('to postgres://shop:geheim@db.example:5432/shop');

  expect(lines()[0]?.msg).toBe('to postgres://shop:[hidden]@db.example:5432/shop');
});

test('the error of a statement is logged without its values', () => {
  const { logger, lines, text } = buildLogger();
  const error = Object.assign(new Error('duplicate key'), {
    query: 'INSERT INTO carts VALUES ($1)',
    parameters: ['value-of-a-buyer'],
    driverError: Object.assign(new Error('duplicate key'), { detail: 'Key (id)=(value-of-a-buyer) exists.' }),
  });

  logger.error({ err: error }, 'failed');

  expect(text()).not.toContain('value-of-a-buyer');
  expect(lines()[0]).toMatchObject({
    err: { message: 'duplicate key', query: 'INSERT INTO carts VALUES ($1)' },
  });
});
