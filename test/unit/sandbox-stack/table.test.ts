import { expect, test } from 'vitest';

import { addressTable } from '../../../sandbox/stack/table';

const addresses = {
  pid: 1,
  apiUrl: 'http://127.0.0.1:3000',
  realtimeUrl: 'http://127.0.0.1:3002',
  zarinpalUrl: 'http://127.0.0.1:4010',
  smsIrUrl: 'http://127.0.0.1:4011',
  kavenegarUrl: 'http://127.0.0.1:4012',
  twilioUrl: 'http://127.0.0.1:4013',
  s3Url: 'http://127.0.0.1:4030',
  supplierUrl: 'http://127.0.0.1:4040',
  smsInboxUrl: 'http://127.0.0.1:4020',
  temporalUiUrl: undefined,
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'asoud',
  databaseUrl: '',
  databaseMaintenanceUrl: undefined,
  databaseOwnerUrl: '',
  redisUrl: '',
};
const tableWith = (...lines: string[]) => {
  const armed = [{ name: 'Zarinpal', url: addresses.zarinpalUrl, lines }].filter(() => lines.length > 0);
  return addressTable({ addresses, seconds: 1, directory: '.asoud', armed });
};

test('the launcher says what an earlier run armed in the sandbox, and where to disarm it', () => {
  const table = tableWith('fault 7: timeout, when after, until cleared', 'switch autoPay: on-visit');

  expect(table).toContain('by an earlier run (disarm it at http://127.0.0.1:4010)');
  expect(table).toContain('\n  fault 7: timeout, when after, until cleared\n  switch autoPay: on-visit\n');
});

test('the launcher says where the SMS sandboxes and their inbox are', () => {
  expect(tableWith()).toMatch(/SMS\.ir sandbox +http:\/\/127\.0\.0\.1:4011\n/);
  expect(tableWith()).toMatch(/Kavenegar sandbox +http:\/\/127\.0\.0\.1:4012\n/);
  expect(tableWith()).toMatch(/Twilio sandbox +http:\/\/127\.0\.0\.1:4013\n/);
  expect(tableWith()).toMatch(/S3 sandbox +http:\/\/127\.0\.0\.1:4030\n/);
  expect(tableWith()).toMatch(/supplier sandbox +http:\/\/127\.0\.0\.1:4040\n/);
  expect(tableWith()).toMatch(/SMS inbox +http:\/\/127\.0\.0\.1:4020\n/);
});

test('the launcher lists ten of them, and says nothing when nothing is armed', () => {
  expect(tableWith(...Array.from({ length: 12 }, (_, at) => `fault ${at}`))).toMatch(/fault 9\n +and 2 more/);
  expect(tableWith()).not.toContain('rmed');
});
