import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { makeReportToken } from '../../entities/sms/report-token';
import { newId } from '../../entities/values/uuid';
import { SmsCallbackConfig, SmsMessagesConfig } from '../../platform/config/sms';
import { createSignedTokens } from '../../platform/signed-token';
import { buildMessage, buildSend } from '../support/factories/sms';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

const tokens = createSignedTokens(new SmsCallbackConfig().smsCallbackSecrets);
const { smsReportsPerMessage: REPORTS_AT_MOST } = new SmsMessagesConfig();

let shop: ShopDatabase;
let api: ApiUnderTest;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    limits: { paymentCallbacksPerMinute: 100_000_000 },
    temporal: { temporalDeadlineMs: 100 },
    neighbours: { database: shop.database },
  });
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

async function call(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(`${api.url}/api/v1${path}`, { method, ...init });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text === '' ? undefined : JSON.parse(text)) as { readonly code: string },
  };
}

describe('a report of a provider', () => {
  const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

  interface StoredReport {
    readonly url: string;
    readonly fields: [string, string][] | null;
    readonly signature: string | null;
    readonly verdict: string | null;
    readonly attemptId: string;
  }

  async function sentMessage() {
    const { id } = await buildMessage(shop.database, { kind: 'notice' });
    const { attemptId } = (await buildSend(shop.database, id))!;
    return { messageId: id, attemptId, token: makeReportToken(tokens, { messageId: id, attemptId }) };
  }

  const report = (token: string, body: string, headers: Record<string, string> = FORM) =>
    call('POST', `/sms/reports/${token}`, { headers, body });

  const stored = (messageId: string) =>
    rows<StoredReport>(
      shop.database.manager,
      `SELECT url, fields, signature, verdict, attempt_id AS "attemptId" FROM sms_reports
       WHERE message_id = $1 ORDER BY received_at, id`,
      [messageId],
    );

  const reportCount = async () =>
    (await row<{ count: number }>(shop.database.manager, 'SELECT count(*) AS count FROM sms_reports'))!.count;

  test('is stored as it came: its fields in order, repeated ones too, its signature and its address', async () => {
    const { messageId, attemptId, token } = await sentMessage();
    const body = 'MessageStatus=delivered&Tag=b&Tag=a&Empty=&To=%2B989121234567&Name=%D8%B3+x';
    const answer = await report(`${token}?a=1&b=%20`, body, { ...FORM, 'X-Twilio-Signature': 'c2ln' });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await stored(messageId)).toEqual([
      {
        url: `http://127.0.0.1:3000/api/v1/sms/reports/${token}?a=1&b=%20`,
        fields: [
          ['MessageStatus', 'delivered'],
          ['Tag', 'b'],
          ['Tag', 'a'],
          ['Empty', ''],
          ['To', '+989121234567'],
          ['Name', 'س x'],
        ],
        ...{ signature: 'c2ln', verdict: null, attemptId },
      },
    ]);
    const log = JSON.stringify(api.lines());
    for (const secret of ['9121234567', token, 'c2ln']) expect(log).not.toContain(secret);
  });

  test('with characters that cannot be stored keeps its fields with others in their place', async () => {
    const { messageId, token } = await sentMessage();
    for (const body of ['a%00b=c%00d', 'half=%ED%A0%80', 'bytes=%FF%FE', '%zz=%', '__proto__=1&=2', '']) {
      expect((await report(token, body)).status, body).toBe(204);
    }
    expect((await stored(messageId)).map(({ fields }) => fields)).toEqual([
      [['a\ufffdb', 'c\ufffdd']],
      [['half', expect.stringMatching(/^\ufffd+$/)]],
      [['bytes', '\ufffd\ufffd']],
      [['%zz', '%']],
      [
        ['__proto__', '1'],
        ['', '2'],
      ],
      [],
    ]);
  });

  test('is cut where it is longer than any provider’s', async () => {
    const { messageId, token } = await sentMessage();
    const many = Array.from({ length: 200 }, (_, index) => `f${index}=${index}`).join('&');
    expect((await report(token, many)).status).toBe(204);
    expect((await report(token, `${'n'.repeat(500)}=${'v'.repeat(5_000)}`)).status).toBe(204);
    // A surrogate pair that the cut would halve.
    expect((await report(token, `x=${'v'.repeat(999)}%F0%9F%98%80`)).status).toBe(204);
    const [first, second, third] = await stored(messageId);
    expect(first!.fields).toHaveLength(60);
    expect(second!.fields![0]!.map(({ length }) => length)).toEqual([100, 1_000]);
    expect(third!.fields![0]![1]).toBe(`${'v'.repeat(999)}\ufffd`);
    const huge = await report(token, `x=${'v'.repeat(3_000_000)}`);
    expect([huge.status, huge.body.code]).toEqual([413, 'request.too_large']);
    expect(await stored(messageId)).toHaveLength(3);
  });

  test('with a body that is no form says nothing, and is stored so', async () => {
    const { messageId, token } = await sentMessage();
    expect((await report(token, '{"a":1}', { 'Content-Type': 'application/json' })).status).toBe(204);
    expect((await report(token, '<a/>', { 'Content-Type': 'text/xml' })).status).toBe(204);
    expect((await stored(messageId)).map(({ fields }) => fields)).toEqual([[], []]);
  });

  test('under a token that is forged, foreign or for another purpose is not found and leaves no row', async () => {
    const { messageId, attemptId, token } = await sentMessage();
    const other = await sentMessage();
    const before = await reportCount();
    const send = { messageId, attemptId };
    const stranger = createSignedTokens(['the secret of somebody else, 32 characters']);
    const flipped = token.at(-1) === 'A' ? 'B' : 'A';
    for (const forged of [
      makeReportToken(stranger, send),
      tokens.sign('order', [messageId, attemptId]),
      tokens.sign('sms-report', [messageId]),
      tokens.sign('sms-report', [messageId, 'x']),
      tokens.sign('sms-report', { messageId, attemptId }),
      tokens.sign('sms-report', null),
      makeReportToken(tokens, { messageId, attemptId: other.attemptId }),
      makeReportToken(tokens, { messageId: newId(), attemptId: newId() }),
      `${token.slice(0, -1)}${flipped}`,
      token.slice(0, -1),
      'x',
      'x'.repeat(401),
    ]) {
      const { status, body } = await report(forged, 'MessageStatus=delivered');
      expect([status, body.code], forged).toEqual([404, 'sms.not_found']);
    }
    expect(await reportCount()).toBe(before);
  });

  test('is dropped beyond a few for one message, however many come at once', async () => {
    const { messageId, token } = await sentMessage();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => report(token, `number=${index}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await stored(messageId)).toHaveLength(REPORTS_AT_MOST);
    const other = await sentMessage();
    await report(other.token, 'a=1');
    expect(await stored(other.messageId)).toHaveLength(1);
  });

  test('takes the place of one that was judged where there are many', async () => {
    const { messageId, token } = await sentMessage();
    await Promise.all(
      Array.from({ length: REPORTS_AT_MOST }, (_, index) => report(token, `number=${index}`)),
    );
    await rows(
      shop.database.manager,
      `UPDATE sms_reports SET processed_at = now(), verdict = 'forged', fields = NULL, signature = NULL
       WHERE message_id = $1 AND fields->0->>1 = '3'`,
      [messageId],
    );
    await report(token, 'number=last');
    await report(token, 'number=dropped');
    const kept = (await stored(messageId)).map(({ fields }) => fields?.[0]?.[1]);
    expect(kept).toHaveLength(REPORTS_AT_MOST);
    expect(kept).not.toContain('3');
    expect(kept.at(-1)).toBe('last');
  });

  test('is told to the log when no workflow hears of it', async () => {
    const { messageId, token } = await sentMessage();
    const before = api.lines().length;
    await report(token, 'a=1');
    expect(api.lines().slice(before)).toContainEqual(
      expect.objectContaining({
        ...{ level: 'warn', messageId },
        msg: 'no workflow heard of a report: it is stored, and the sweep finds it',
      }),
    );
  });

  test('is a POST', async () => {
    const { messageId, token } = await sentMessage();
    const { status, headers } = await call('GET', `/sms/reports/${token}?MessageStatus=delivered`);
    expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect(await stored(messageId)).toEqual([]);
  });
});
