import { afterAll, beforeAll, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { kavenegarProvider } from '../../sandbox/providers/kavenegar/provider';
import { kavenegarCaller, KAVENEGAR_KEY, KAVENEGAR_LINE } from '../support/kavenegar-caller';
import { officialKavenegarClient, type KavenegarMethod } from '../support/official-kavenegar-client';

const TO = '09121234567';
let sandbox: RunningProvider;

beforeAll(async () => {
  sandbox = await startProvider(kavenegarProvider({ apiKey: KAVENEGAR_KEY, sender: KAVENEGAR_LINE }), {
    port: 0,
  });
  const kavenegar = kavenegarCaller(sandbox.url);
  await kavenegar.account({ addresses: ['127.0.0.1'] });
  await kavenegar.control('POST', '/clock', { freeze: true });
});
afterAll(() => sandbox.stop());

it('serves every method of the official client, unmodified', async () => {
  const call = officialKavenegarClient(sandbox.url, KAVENEGAR_KEY);
  const sent = await call('Send', { receptor: [TO, '09121234568'], message: 'سلام', localid: '1,2' });
  expect(sent).toMatchObject({
    status: 200,
    message: 'تایید شد',
    entries: [{ receptor: TO }, { message: 'سلام' }],
  });
  const [{ messageid }] = sent.entries as [{ messageid: number }];
  const startdate = Math.floor(Date.now() / 1_000) - 60;
  const record = { messageid, message: 'سلام', receptor: TO, cost: 120 };
  const cases: [KavenegarMethod, object, unknown][] = [
    [
      'SendArray',
      { receptor: `["${TO}"]`, sender: `["${KAVENEGAR_LINE}"]`, message: '["a"]' },
      [{ message: 'a' }],
    ],
    ['VerifyLookup', { receptor: TO, template: 'signin-en', token: '12' }, [{ status: 5 }]],
    ['Status', { messageid }, [{ messageid }]],
    ['StatusLocalMessageid', { localid: 1 }, [{ messageid, localid: '1' }]],
    ['Select', { messageid }, [record]],
    ['SelectOutbox', { startdate }, expect.arrayContaining([expect.objectContaining(record)])],
    ['LatestOutbox', { pagesize: 1 }, [{ status: 5 }]],
    ['CountOutbox', { startdate }, [{ sumcount: 4 }]],
    ['Cancel', { messageid: 5 }, [{ messageid: 5, status: 100 }]],
    ['Receive', { linenumber: KAVENEGAR_LINE, isread: 0 }, []],
    ['CountInbox', { startdate }, [{ sumcount: 0 }]],
    ['AccountInfo', {}, { type: 'master' }],
    ['AccountConfig', { apilogs: 'enabled' }, { apilogs: 'enabled' }],
    ['CallMakeTTS', { receptor: TO, message: 'a' }, { receptor: TO, status: 1 }],
  ];
  for (const [method, parameters, entries] of cases) {
    expect(await call(method, parameters), method).toMatchObject({ status: 200, entries });
  }
  // Removed by Kavenegar, but still in its client.
  for (const method of ['CountPostalCode', 'SendByPostalCode'] as const) {
    expect(await call(method, {}), method).toMatchObject({ status: 404, entries: null });
  }
  const stranger = officialKavenegarClient(sandbox.url, 'other');
  expect(await stranger('AccountInfo', {})).toMatchObject({ status: 403, entries: null });
});
