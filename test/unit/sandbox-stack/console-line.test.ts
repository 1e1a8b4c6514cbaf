import { expect, test } from 'vitest';

import { consoleLine } from '../../../sandbox/stack/console-line';

const line = (entry: object) => JSON.stringify({ time: '2026-01-01T00:00:00Z', service: 'api', ...entry });

test('warnings and errors are shown in short, with their error', () => {
  expect(consoleLine('api', line({ level: 'warn', msg: 'slow' }))).toBe('api  warn  slow');
  expect(consoleLine('api', line({ level: 'error', msg: 'failed', err: { message: 'no database' } }))).toBe(
    'api  error  failed: no database',
  );
  expect(consoleLine('api', line({ level: 'fatal', msg: 'gone', err: { message: 'gone' } }))).toBe(
    'api  fatal  gone',
  );
  expect(consoleLine('worker', line({ level: 'error', msg: 'no answer', orderId: '0193' }))).toBe(
    'worker  error  no answer (order 0193)',
  );
});

test('other lines stay in the file', () => {
  expect(consoleLine('api', line({ level: 'info', msg: 'request' }))).toBeUndefined();
  expect(consoleLine('worker', 'webpack compiled successfully')).toBeUndefined();
  expect(consoleLine('worker', '{ half an entry')).toBeUndefined();
});
