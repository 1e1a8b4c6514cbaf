import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { TwilioConfig } from '../../platform/config/twilio';
import { signatureOf } from '../../sandbox/providers/twilio/signature';
import { smsDeliveryWorkflowId } from '../../workflows/sms/sms-delivery.contract';
import { eventually } from '../support/eventually';
import { journeyShop } from '../support/journey';
import { setSmsIrCredit, type SmsSandboxes } from '../support/sms-sandboxes';
import { newPhone, smsStaff, tellSends } from '../support/sms-staff';
import { row, rows } from '../support/sql';
import { collectLines } from '../unit/platform/log-lines';

const log = collectLines();
const journey = journeyShop({ sms: {}, log: log.destination });
const ODD_CALLBACKS = '+989120000009';

let sms: SmsSandboxes;
let staff: ReturnType<typeof smsStaff>;

beforeAll(() => {
  sms = journey.shop.sms!;
  staff = smsStaff(journey.shop);
});
afterEach(() => rows(journey.shop.database.manager, 'DELETE FROM sms_breakers'));

const breakerOf = (provider: string, operation: string) =>
  row<{ status: string }>(
    journey.shop.database.manager,
    'SELECT status FROM sms_breakers WHERE provider = $1 AND operation = $2',
    [provider, operation],
  );

/** Nothing gets through to these until the end of the test. */
async function leaveOnlyTwilio(): Promise<void> {
  await rows(
    journey.shop.database.manager,
    `INSERT INTO sms_breakers (provider, operation, status, open_until)
     SELECT p, o, 'open', now() + interval '1 hour'
     FROM unnest(ARRAY['sms-ir', 'kavenegar']) AS p, unnest(ARRAY['template', 'text']) AS o
     ON CONFLICT DO NOTHING`,
  );
}

/** The breaker of SMS.ir has been open for its time. */
async function endPause(): Promise<void> {
  await rows(
    journey.shop.database.manager,
    "UPDATE sms_breakers SET open_until = now() WHERE status = 'open'",
  );
}

test('a notice is delivered by the first provider, and everybody sees by whom and at what cost', async () => {
  const to = newPhone();
  const id = await staff.notice(to, '100042');
  expect(tellSends(await staff.until(id, 'accepted'))).toEqual(['sms-ir template accepted']);

  await sms.smsIr.advance(10_000);
  await staff.lookNow(id);

  const { attempts, finishedAt } = await staff.until(id, 'delivered');
  expect(attempts).toMatchObject([
    { delivery: 'delivered', deliveredAt: expect.any(String), cost: { unit: 'credit' } },
  ]);
  expect(finishedAt).not.toBeNull();
  expect(sms.inbox(to)).toMatchObject([
    { provider: 'sms-ir', text: 'سفارش 100042 پرداخت شد', state: 'delivered' },
  ]);
});

test('one key sends one message, however often and at once it is used', async () => {
  const to = newPhone();
  const key = newId();
  const asked = { to, template: 'order_paid', variables: { number: '7' } };
  const answers = await Promise.all(Array.from({ length: 6 }, () => staff.ask(asked, key)));
  const [id] = new Set(answers.map(({ body }) => body.id));
  await staff.until(id!, 'accepted');
  await staff.ask(asked, key);
  const other = await staff.ask({ ...asked, variables: { number: '8' } }, key);
  expect(other.status).toBe(422);

  await sms.smsIr.advance(10_000);
  await staff.lookNow(id!);
  await staff.until(id!, 'delivered');
  expect((await staff.ask(asked, key)).body.status).toBe('delivered');
  expect(sms.inbox(to)).toHaveLength(1);
});

describe('a code goes out through the next provider when the first one', () => {
  const page = { kind: 'html', status: 502 };
  test.each<[string, () => Promise<void>, string]>([
    ['answers with the page of a firewall', () => spoil(page), 'unknown'],
    ['cuts the connection', () => spoil({ kind: 'reset' }), 'unknown'],
    ['answers with nonsense', () => spoil({ kind: 'body', body: 'OK' }), 'unknown'],
    ['answers with a success of another shape', () => spoil({ kind: 'misshapen', as: 'list' }), 'unknown'],
    ['says nothing', () => spoil({ kind: 'blank' }), 'unknown'],
    ['has too many calls', () => spoil({ kind: 'code', code: 20 }), 'refused overload 20'],
    ['is out of credit', () => setSmsIrCredit(sms.smsIr, 0), 'refused config 102'],
  ])('%s', async (_, arrange, outcome) => {
    await arrange();
    const to = newPhone();
    const id = await staff.code(to, '48213975');
    const message = await staff.until(id, 'accepted');
    expect(tellSends(message)).toEqual([`sms-ir template ${outcome}`, 'kavenegar template accepted']);
    const [newest] = sms.kavenegar.inbox(to);
    expect(newest!.text).toMatch(/^کد ورود: 48213975\n\n@\S+ #48213975$/);
  });

  const spoil = (fault: object) => sms.smsIr.fault({ endpoint: 'send/verify', ...fault });
});

test('a code goes out through the last provider when all others are down', async () => {
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'html', status: 502 });
  await sms.kavenegar.fault({ endpoint: 'verify/lookup', kind: 'code', code: 418 });
  const to = newPhone();
  const id = await staff.code(to);
  expect(tellSends(await staff.until(id, 'accepted'))).toEqual([
    'sms-ir template unknown',
    'kavenegar template refused config 418',
    'twilio text accepted',
  ]);
  expect(sms.inbox(to)).toMatchObject([{ provider: 'twilio' }]);
});

test('a code that no provider takes is tried again until one does', async () => {
  for (const [sandbox, endpoint] of [
    [sms.smsIr, 'send/verify'],
    [sms.kavenegar, 'verify/lookup'],
    [sms.twilio, 'create'],
  ] as const) {
    await sandbox.fault({ endpoint, kind: 'html', status: 502 });
  }
  const to = newPhone();
  const id = await staff.code(to);
  expect(tellSends(await staff.until(id, 'accepted'))).toEqual([
    'sms-ir template unknown',
    'kavenegar template unknown',
    'twilio text unknown',
    'sms-ir template accepted',
  ]);
  expect(sms.inbox(to)).toHaveLength(1);
});

test('no other provider is asked for a number that cannot get messages', async () => {
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'code', code: 104 });
  const to = newPhone();
  const id = await staff.code(to);
  expect(tellSends(await staff.until(id, 'refused'))).toEqual(['sms-ir template refused stop 104']);
  expect(sms.inbox(to)).toEqual([]);
  expect(await breakerOf('sms-ir', 'template')).not.toMatchObject({ status: 'open' });
});

test('a notice that a provider delivers but does not answer for is found, and goes out once', async () => {
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'reset', when: 'after' });
  const to = newPhone();
  const id = await staff.notice(to);
  expect(tellSends(await staff.until(id, 'accepted'))).toEqual(['sms-ir template accepted']);
  expect(sms.inbox(to)).toHaveLength(1);
});

test('a notice that surely did not go out goes out through another provider, once', async () => {
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'code', code: 20 });
  await sms.kavenegar.fault({ endpoint: 'sms/send', kind: 'reset', when: 'before' });
  const to = newPhone();
  const id = await staff.notice(to);
  await staff.untilSends(id, ['sms-ir template refused overload 20', 'kavenegar text unknown']);
  await staff.lookAgain(id);
  expect(tellSends(await staff.until(id, 'accepted'))).toEqual([
    'sms-ir template refused overload 20',
    'kavenegar text not_sent',
    'twilio text accepted',
  ]);
  expect(sms.inbox(to)).toMatchObject([{ provider: 'twilio' }]);
});

test('a provider that fails again and again is left out, and comes back after two good probes', async () => {
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'html', status: 502, times: null });
  const ids = await Promise.all(Array.from({ length: 5 }, () => staff.code(newPhone())));
  for (const id of ids) await staff.until(id, 'accepted');
  expect(await breakerOf('sms-ir', 'template')).toEqual({ status: 'open' });
  expect(await journey.shop.metrics.registry.metrics()).toContain(
    'asoud_sms_breaker{provider="sms-ir",operation="template"} 2',
  );

  const send = async () => {
    const message = await staff.until(await staff.code(newPhone()), 'accepted');
    return message.attempts.map(({ provider, isProbe }) => `${provider}${isProbe ? ', a probe' : ''}`);
  };
  expect(await send()).toEqual(['kavenegar']);
  await endPause();
  expect(await send()).toEqual(['sms-ir, a probe', 'kavenegar']);
  expect(await breakerOf('sms-ir', 'template')).toEqual({ status: 'open' });

  await sms.smsIr.recover();
  await endPause();
  expect(await send()).toEqual(['sms-ir, a probe']);
  expect(await breakerOf('sms-ir', 'template')).toEqual({ status: 'half_open' });
  expect(await send()).toEqual(['sms-ir, a probe']);
  expect(await breakerOf('sms-ir', 'template')).toEqual({ status: 'closed' });
  expect(await send()).toEqual(['sms-ir']);
});

describe('Twilio’s report', () => {
  const { twilioAuthToken } = new TwilioConfig();

  /** A notice at a Twilio whose clock stands still: nothing is reported before the test says so. */
  async function noticeAtTwilio(to = newPhone()) {
    await leaveOnlyTwilio();
    await sms.twilio.control('POST', 'clock', { freeze: new Date().toISOString() });
    const id = await staff.notice(to);
    const { attempts } = await staff.until(id, 'accepted');
    expect(attempts).toMatchObject([{ provider: 'twilio', operation: 'text' }]);
    const { sid } = (await row<{ sid: string }>(
      journey.shop.database.manager,
      'SELECT provider_message_id AS sid FROM sms_attempts WHERE message_id = $1',
      [id],
    ))!;
    const kept = await fetch(`${sms.twilio.url}/_sandbox/messages/${sid}`);
    const { statusCallback } = (await kept.json()) as { statusCallback: string };
    return { id, sid, url: statusCallback };
  }

  async function post(url: string, sid: string, signature?: string): Promise<number> {
    const fields = new URLSearchParams({ MessageSid: sid, MessageStatus: 'delivered', AccountSid: 'AC' });
    const genuine = signatureOf(twilioAuthToken, url, fields);
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': signature ?? genuine },
      body: fields,
    });
    return status;
  }

  const verdicts = (id: string) =>
    eventually(
      async () =>
        (
          await rows<{ verdict: string | null }>(
            journey.shop.database.manager,
            'SELECT verdict FROM sms_reports WHERE message_id = $1 ORDER BY received_at',
            [id],
          )
        ).map(({ verdict }) => verdict),
      (found) => found.length > 0 && !found.includes(null),
    );

  test('moves a message to delivered, and doubled it is harmless', async () => {
    const { id, sid } = await noticeAtTwilio();
    await sms.twilio.advance(3_000);
    const { finishedAt } = await staff.until(id, 'delivered');
    for (let count = 0; count < 2; count += 1) {
      await sms.twilio.control('POST', `messages/${sid}/callback`);
      expect(new Set(await verdicts(id))).toEqual(new Set(['genuine']));
    }
    expect(await staff.read(id)).toMatchObject({ status: 'delivered', finishedAt });
  });

  test('in the wrong order, doubled and once forged ends as it should', async () => {
    const { id } = await noticeAtTwilio(ODD_CALLBACKS);
    await sms.twilio.advance(3_000);
    await staff.until(id, 'delivered');
    const told = await eventually(
      () => verdicts(id),
      (found) => found.length === 5,
    );
    expect(told.filter((verdict) => verdict === 'forged')).toHaveLength(1);
    expect(told.filter((verdict) => verdict === 'genuine')).toHaveLength(4);
    expect((await staff.read(id)).status).toBe('delivered');
  });

  test('that is forged, or about another message, changes nothing', async () => {
    // On a busy machine a report of the sandbox's own would come in between.
    await sms.twilio.control('POST', 'callbacks', { suppress: true, times: null });
    const ours = await noticeAtTwilio();
    const other = await noticeAtTwilio();
    const fields = new URLSearchParams({
      MessageSid: ours.sid,
      MessageStatus: 'delivered',
      AccountSid: 'AC',
    });

    expect(await post(ours.url, ours.sid, 'c2lnbmF0dXJl')).toBe(204);
    // Genuine at another address.
    expect(await post(ours.url, ours.sid, signatureOf(twilioAuthToken, other.url, fields))).toBe(204);
    expect(await verdicts(ours.id)).toEqual(['forged', 'forged']);
    // Genuine at this address, with the name of another message.
    expect(await post(other.url, ours.sid)).toBe(204);
    expect(await verdicts(other.id)).toEqual(['foreign']);
    expect((await staff.read(ours.id)).status).toBe('accepted');
    expect((await staff.read(other.id)).status).toBe('accepted');

    expect(await post(ours.url, ours.sid)).toBe(204);
    await staff.until(ours.id, 'delivered');
    expect((await staff.read(other.id)).status).toBe('accepted');
  });

  test('that gets lost is made up for by asking', async () => {
    await sms.twilio.control('POST', 'callbacks', { suppress: true, times: null });
    const { id } = await noticeAtTwilio();
    await sms.twilio.advance(3_000);
    await staff.lookNow(id);
    await staff.until(id, 'delivered');
    const reports = await row(
      journey.shop.database.manager,
      'SELECT count(*) AS count FROM sms_reports WHERE message_id = $1',
      [id],
    );
    expect(reports).toEqual({ count: 0 });
  });
});

test('no workflow, log or metric has a number, a code or a text, whatever happens to a message', async () => {
  const to = '+989123987654';
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'reset', when: 'after', times: 2 });
  await sms.kavenegar.fault({ endpoint: 'verify/lookup', kind: 'code', code: 418 });
  const code = await staff.code(to, '59318642');
  await staff.until(code, 'accepted');
  const notice = await staff.notice(to, 'N-7731');
  await staff.until(notice, 'accepted');
  await sms.twilio.advance(3_000);
  await staff.until(code, 'delivered');
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'code', code: 104 });
  const refused = await staff.notice(to, 'N-7732');
  await staff.until(refused, 'refused');
  await staff.ask({ to: `${to}x`, template: 'order_paid', variables: { number: 'N-7733' } });
  await staff.ask({ to, template: 'order_paid', variables: { number: 'N 7734' } });

  const histories = await Promise.all([code, notice, refused].map(toldByTemporal));
  const metrics = await journey.shop.metrics.registry.metrics();
  const secrets = ['9123987654', '59318642', 'N-773', 'N 773', 'سفارش', 'کد ورود', 'Order '];
  for (const told of [...histories, log.text(), metrics]) {
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  }
  // The scan sees what is there.
  expect(histories[0]).toContain('kavenegar');
  expect(log.text()).toContain('/api/v1/sms/messages');
  expect(metrics).toContain('asoud_sms_attempts_total');
});

/** Everything that Temporal keeps of a message's workflow: history with its payloads, search attributes, memo, details. */
async function toldByTemporal(id: string): Promise<string> {
  const handle = journey.shop.temporal.workflow.getHandle(smsDeliveryWorkflowId(id));
  const history = JSON.stringify(await handle.fetchHistory());
  const { searchAttributes, memo, raw } = await handle.describe();
  const payloads = [...`${history}${JSON.stringify(raw)}`.matchAll(/"data":"([\w+/=]+)"/g)];
  return [
    history,
    JSON.stringify([searchAttributes, memo]),
    ...payloads.map(([, data]) => Buffer.from(data!, 'base64').toString()),
  ].join('\n');
}
