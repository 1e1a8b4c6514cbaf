import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { BulkSms } from '../../activities/sms/bulk-sms';
import { createKavenegarBulk } from '../../activities/sms/kavenegar/bulk';
import { createKavenegarProvider } from '../../activities/sms/kavenegar/provider';
import { oneByOne } from '../../activities/sms/one-by-one';
import { createSmsIrBulk } from '../../activities/sms/sms-ir/bulk';
import type { TextSms } from '../../activities/sms/sms-provider';
import { createTwilioProvider } from '../../activities/sms/twilio/provider';
import { KavenegarConfig } from '../../platform/config/kavenegar';
import { SmsIrConfig } from '../../platform/config/sms-ir';
import { createHttpClient } from '../../platform/http-client';
import { respond, startProvider } from '../support/fake-provider';
import type { SmsSandbox } from '../support/sms-sandbox';
import { startSmsSandboxes, type SmsSandboxes } from '../support/sms-sandboxes';
import { newPhone } from '../support/sms-staff';

const TIMEOUT_MS = 1_000;
const http = createHttpClient({ timeoutMs: TIMEOUT_MS, connectTimeoutMs: TIMEOUT_MS, maxBytes: 2_000_000 });
const { smsIrApiKey, smsIrLine } = new SmsIrConfig();
const { kavenegarApiKey } = new KavenegarConfig();

let sandboxes: SmsSandboxes;
let aheadMs = 0;
const now = () => Date.now() + aheadMs;
beforeAll(async () => {
  sandboxes = await startSmsSandboxes();
});
afterEach(async () => {
  aheadMs = 0;
  await sandboxes.recover();
});
afterAll(() => sandboxes.stop());

interface Failure {
  readonly code: number;
  readonly status: number;
}

interface Case {
  readonly name: string;
  readonly endpoint: string;
  readonly bulk: () => BulkSms;
  readonly sandbox: () => SmsSandbox;
  /** Whether a call that is not found has surely had no effect. */
  readonly isCertain: boolean;
  readonly failures: readonly Failure[];
  readonly limits: readonly Failure[];
}

const CASES: readonly Case[] = [
  {
    name: 'SMS.ir',
    endpoint: 'send/likeToLike',
    bulk: () =>
      createSmsIrBulk({ apiKey: smsIrApiKey, line: smsIrLine, baseUrl: sandboxes.smsIr.url, now }, http),
    sandbox: () => sandboxes.smsIr,
    isCertain: false,
    failures: [
      { code: 0, status: 200 },
      { code: 0, status: 500 },
      { code: 102, status: 502 },
    ],
    limits: [
      { code: 20, status: 400 },
      { code: 0, status: 429 },
    ],
  },
  {
    name: 'Kavenegar',
    endpoint: 'sms/sendarray',
    bulk: () =>
      createKavenegarBulk(
        { apiKey: kavenegarApiKey, sender: '10000000', baseUrl: sandboxes.kavenegar.url, now },
        http,
      ),
    sandbox: () => sandboxes.kavenegar,
    isCertain: true,
    failures: [
      { code: 402, status: 402 },
      { code: 409, status: 409 },
      { code: 500, status: 200 },
      { code: 503, status: 503 },
    ],
    limits: [
      { code: 429, status: 429 },
      { code: 451, status: 451 },
    ],
  },
];

let reference = 400_000_000_000_000;
const texts = (count: number): TextSms[] =>
  Array.from({ length: count }, () => {
    reference += 1;
    return { to: newPhone(), text: `حراج ${reference}`, reference: String(reference) };
  });

describe.each(CASES)('$name', ({ bulk, sandbox, endpoint, isCertain, failures, limits }) => {
  test('takes many messages in one call, each with a text of its own, and reports them', async () => {
    const sent = texts(3);
    const outcome = await bulk().sendAll(sent);
    expect(outcome).toMatchObject({
      kind: 'answered',
      results: sent.map((sms) => ({ kind: 'accepted', reference: sms.reference })),
    });
    for (const { to, text } of sent) expect(sandboxes.inbox(to).map((one) => one.text)).toEqual([text]);
    if (outcome.kind !== 'answered') return;
    expect(outcome.costs.length).toBeGreaterThan(0);
    expect(outcome.costs.reduce((sum, { messages }) => sum + messages, 0)).toBe(3);
    const providerMessageIds = outcome.results.flatMap((result) =>
      result.kind === 'accepted' ? result.providerMessageId : [],
    );
    const packId = outcome.packId ?? null;
    const reports = await bulk().reportAll({ packId, providerMessageIds, sentAt: new Date() });
    expect(reports).toMatchObject({ kind: 'reports' });
    if (reports.kind === 'reports') expect(reports.reports).toHaveLength(3);
  });

  test('reports nothing of a call that the provider does not know', async () => {
    const sent = { packId: randomUUID(), providerMessageIds: ['987654321'], sentAt: new Date() };
    expect(await bulk().reportAll(sent)).toEqual({ kind: 'reports', reports: [] });
  });

  test('a call whose answer gets lost is unknown, and found as a whole', async () => {
    const lost = texts(3);
    await sandbox().fault({ kind: 'timeout', endpoint, when: 'after' });
    const sentAt = new Date();
    expect(await bulk().sendAll(lost)).toMatchObject({ kind: 'unknown' });
    expect(await bulk().findAll({ texts: lost, sentAt })).toMatchObject({
      kind: 'searched',
      results: expect.arrayContaining(
        lost.map((sms) => expect.objectContaining({ kind: 'accepted', reference: sms.reference }) as object),
      ) as unknown,
    });
  });

  test.each(failures)(
    'code $code under HTTP $status may have come after the messages: unknown',
    async (failure) => {
      await sandbox().fault({ kind: 'code', ...failure, endpoint });
      expect(await bulk().sendAll(texts(2))).toMatchObject({ kind: 'unknown' });
    },
  );

  test.each(limits)('code $code under HTTP $status has surely taken nothing', async (limit) => {
    await sandbox().fault({ kind: 'code', ...limit, endpoint });
    expect(await bulk().sendAll(texts(2))).toMatchObject({ kind: 'refused', class: 'overload' });
  });

  test('a call that never arrived is not found, and certainly missing only by a reference and after a minute', async () => {
    const lost = texts(2);
    await sandbox().fault({ kind: 'timeout', endpoint, when: 'before' });
    const sentAt = new Date();
    expect(await bulk().sendAll(lost)).toMatchObject({ kind: 'unknown' });
    const nothing = { kind: 'searched', results: [] };
    expect(await bulk().findAll({ texts: lost, sentAt })).toMatchObject({
      ...nothing,
      areOthersCertain: false,
    });
    aheadMs = 61_000;
    expect(await bulk().findAll({ texts: lost, sentAt })).toMatchObject({
      ...nothing,
      areOthersCertain: isCertain,
    });
  });
});

test.each([502, 504])('HTTP %i of whoever stands before a provider is unknown', async (status) => {
  const server = await startProvider();
  try {
    server.answerWith(respond('<html>Bad Gateway</html>', status));
    const account = { apiKey: smsIrApiKey, line: smsIrLine, baseUrl: server.url };
    expect(await createSmsIrBulk(account, http).sendAll(texts(2))).toMatchObject({ kind: 'unknown' });
    const sender = { apiKey: kavenegarApiKey, sender: '10000000', baseUrl: server.url };
    expect(await createKavenegarBulk(sender, http).sendAll(texts(2))).toMatchObject({ kind: 'unknown' });
  } finally {
    await server.stop();
  }
});

test.each([402, 409, 500])(
  'one by one and with references, code %i of Kavenegar is no certainty either: it forgets references',
  async (code) => {
    const { kavenegar } = sandboxes;
    const account = { apiKey: kavenegarApiKey, baseUrl: kavenegar.url, now };
    const bulk = oneByOne(createKavenegarProvider(account, http), TIMEOUT_MS);
    await kavenegar.fault({ kind: 'code', code, status: code, endpoint: 'sms/send' });
    const [lost] = texts(1);
    const sentAt = new Date();
    expect(await bulk.sendAll([lost!])).toMatchObject({ kind: 'answered', results: [], isFailing: true });
    aheadMs = 61_000;
    expect(await bulk.findAll({ texts: [lost!], sentAt })).toMatchObject({ areOthersCertain: true });
  },
);

test.each([
  [20500, 'unknown'],
  [30008, 'unknown'],
  [20429, 'overload'],
  [21610, 'stop'],
] as const)('one by one and without references, Twilio code %i is %s', async (code, expected) => {
  const server = await startProvider();
  try {
    server.answerWith(
      respond(JSON.stringify({ code, message: 'no', status: 500 }), code === 20429 ? 429 : 500),
    );
    const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'x', baseUrl: server.url };
    const provider = createTwilioProvider({ ...account, from: '+15005550006' }, http);
    const outcome = await oneByOne(provider, TIMEOUT_MS).sendAll(texts(1));
    const results = expected === 'unknown' ? [] : [{ kind: 'refused', class: expected }];
    expect(outcome).toMatchObject({ kind: 'answered', results });
    expect('isFailing' in outcome).toBe(expected === 'unknown');
  } finally {
    await server.stop();
  }
});
