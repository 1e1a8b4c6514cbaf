import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { SmsMessageView, SmsTemplatesView } from '../../api/sms/sms.view';
import { smsAttemptIdOf, smsMessageIdOf } from '../../entities/sms/request-message';
import { newId } from '../../entities/values/uuid';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildMessage, buildSend } from '../support/factories/sms';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';
import { openApiForTest, openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

interface Answered extends SmsMessageView {
  readonly code: string;
  readonly errors?: { readonly field: string; readonly rule: string }[];
}

const NUMBER = '+989121234567';
const MASKED = '+98912•••4567';
const NOTICE = { to: '09121234567', template: 'order_paid', variables: { number: '100042' } };
const CODE = { to: '09121234567', template: 'sign_in_code', variables: { code: '48213975' } };
const MANY = 100_000_000;

let shop: ShopDatabase;
let api: ApiUnderTest;
let staff: BuiltCaller;
let asStaff: Record<string, string>;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    limits: { paymentCallbacksPerMinute: MANY, staffRequestsPerMinute: MANY },
    temporal: { temporalDeadlineMs: 100 },
    neighbours: { database: shop.database },
  });
  staff = await buildCaller({ database: shop.database, ...api }, { roles: ['staff'] });
  asStaff = { ...staff.headers };
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

async function call(method: string, path: string, init: RequestInit = {}, url = api.url) {
  const response = await fetch(`${url}/api/v1${path}`, { method, ...init });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text === '' ? undefined : JSON.parse(text)) as Answered,
  };
}

function send(body: unknown, headers: Record<string, string> = {}, url = api.url) {
  const usual = { 'Content-Type': 'application/json', 'Idempotency-Key': newId(), ...asStaff };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return call('POST', '/sms/messages', { headers: { ...usual, ...headers }, body: text }, url);
}

const read = (id: string, headers: Record<string, string> = asStaff) =>
  call('GET', `/sms/messages/${id}`, { headers });

const messageCount = async () =>
  (await row<{ count: number }>(shop.database.manager, 'SELECT count(*) AS count FROM sms_messages'))!.count;

describe('a message that staff send', () => {
  test('is stored once per key, and another body under the same key is refused', async () => {
    const key = { 'Idempotency-Key': newId() };
    const first = await send(NOTICE, key);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: smsMessageIdOf(staff.accountId, key['Idempotency-Key']),
      ...{ kind: 'notice', template: 'order_paid', language: 'fa', to: MASKED, status: 'queued' },
      ...{ reason: null, expiresAt: null, finishedAt: null, attempts: [] },
      createdAt: expect.any(String),
    });
    const again = await send({ ...NOTICE, to: '+98 912 123 4567' }, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    for (const other of [
      { ...NOTICE, variables: { number: '100043' } },
      { ...NOTICE, to: '09121234568' },
      { ...NOTICE, language: 'en' },
      CODE,
    ]) {
      const { status, body } = await send(other, key);
      expect([status, body.code]).toEqual([422, 'request.idempotency_key_reused']);
    }
    expect((await read(first.body.id)).body).toEqual(first.body);
  });

  test('is one message, however many ask for it at the same time', async () => {
    const key = { 'Idempotency-Key': newId() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(NOTICE, key)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(7);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  test.each([
    '09121234567',
    '00989121234567',
    '0912 123-4567',
    '(0912)1234567',
    '۰۹۱۲۱۲۳۴۵۶۷',
    '٠٩١٢١٢٣٤٥٦٧',
  ])('goes to a number that is spelt %s and stored as E.164', async (to) => {
    const { status, body } = await send({ ...NOTICE, to });
    expect([status, body.to]).toEqual([201, MASKED]);
    expect(
      await row(shop.database.manager, 'SELECT recipient FROM sms_messages WHERE id = $1', [body.id]),
    ).toEqual({ recipient: NUMBER });
  });

  test('is a code with an end, in the language that was asked for', async () => {
    const { body } = await send({ ...CODE, language: 'en' });
    expect(body).toMatchObject({ kind: 'code', language: 'en' });
    expect(Date.parse(body.expiresAt!) - Date.parse(body.createdAt)).toBe(300_000);
  });

  test.each<[string, object]>([
    ['of a landline', { to: '02188776655' }],
    ['of another country', { to: '+14155552671' }],
    ['that is too short', { to: '0912123456' }],
    ['that is too long', { to: '091212345678' }],
    ['in an unused range', { to: '09801234567' }],
    ['with an extension', { to: '09121234567 ext. 5' }],
    ['inside a sentence', { to: 'call 09121234567' }],
    ['of letters', { to: 'not a number' }],
    ['of white space', { to: '   ' }],
  ])('to a number %s is refused', async (_, change) => {
    const before = await messageCount();
    const { status, body } = await send({ ...NOTICE, ...change });
    expect([status, body.code]).toEqual([422, 'sms.recipient_invalid']);
    expect(await messageCount()).toBe(before);
  });

  test.each<[string, object, string]>([
    ['no number', { to: undefined }, 'to'],
    ['an empty number', { to: '' }, 'to'],
    ['a number that is no text', { to: 9_121_234_567 }, 'to'],
    ['a list of numbers', { to: ['09121234567'] }, 'to'],
    ['a number longer than any spelling', { to: '0'.repeat(51) }, 'to'],
    ['no template', { template: undefined }, 'template'],
    ['a template with a strange name', { template: "x'; DROP TABLE" }, 'template'],
    ['another language', { language: 'de' }, 'language'],
    ['a language that is no text', { language: 1 }, 'language'],
    ['a language that is null', { language: null }, 'language'],
    ['a variable that is a number', { variables: { number: 100_042 } }, 'variables'],
    ['a variable that is null', { variables: { number: null } }, 'variables'],
    ['a variable that is a list', { variables: { number: ['1'] } }, 'variables'],
    ['variables that are a list', { variables: ['1'] }, 'variables'],
    ['variables that are a text', { variables: 'number' }, 'variables'],
    ['variables that are null', { variables: null }, 'variables'],
    ['a variable longer than any text', { variables: { number: '1'.repeat(901) } }, 'variables'],
    [
      'too many variables',
      { variables: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`v${index}`, '1'])) },
      'variables',
    ],
    ['a variable with a NUL', { variables: { number: 'a\0b' } }, 'variables.number'],
    ['a variable with half of a character', { variables: { number: 'a\ud800' } }, 'variables.number'],
    ['an unknown field', { priority: 1 }, 'priority'],
  ])('with %s is not understood', async (_, change, field) => {
    const before = await messageCount();
    const { status, body } = await send({ ...NOTICE, ...change });
    expect([status, body.code]).toEqual([422, 'request.invalid']);
    expect(new Set(body.errors?.map((error) => error.field))).toEqual(new Set([field]));
    expect(await messageCount()).toBe(before);
  });

  test.each<[string, Record<string, unknown>, [string, string][]]>([
    ['missing', {}, [['variables.number', 'missing']]],
    ['empty', { number: '' }, [['variables.number', 'missing']]],
    ['too long', { number: '1'.repeat(21) }, [['variables.number', 'longest']]],
    ['of two words', { number: 'one two' }, [['variables.number', 'form']]],
    ['of two lines', { number: 'one\ntwo' }, [['variables.number', 'form']]],
    ['one too many', { number: '1', host: 'evil.example' }, [['variables.host', 'unknown']]],
    [
      'missing while others are unknown',
      { code: '1', Number: 'x' },
      [
        ['variables.number', 'missing'],
        ['variables.code', 'unknown'],
        ['variables.Number', 'unknown'],
      ],
    ],
  ])('whose variable is %s is refused, with the field', async (_, variables, errors) => {
    const { status, body } = await send({ ...NOTICE, variables });
    expect([status, body.code]).toEqual([422, 'sms.variables_invalid']);
    expect(body.errors?.map(({ field, rule }) => [field, rule])).toEqual(errors);
  });

  test('whose code is not in ASCII digits is refused', async () => {
    for (const code of ['۱۲۳۴۵۶', '12 34', '12a4', '-123']) {
      const { status, body } = await send({ ...CODE, variables: { code } });
      expect([status, body.code], code).toEqual([422, 'sms.variables_invalid']);
      expect(body.errors).toMatchObject([{ field: 'variables.code', rule: 'form' }]);
      expect(JSON.stringify(body)).not.toContain(code);
    }
  });

  test('by a template that nobody wrote is refused', async () => {
    const { status, body } = await send({ ...NOTICE, template: 'none' });
    expect([status, body.code]).toEqual([422, 'sms.template_unknown']);
  });

  test('needs an Idempotency-Key that can be compared', async () => {
    for (const [key, code] of [
      ['', 'request.idempotency_key_missing'],
      ['two words', 'request.invalid'],
      ['x'.repeat(256), 'request.invalid'],
    ] as const) {
      expect((await send(NOTICE, { 'Idempotency-Key': key })).body.code).toBe(code);
    }
  });

  test('is a JSON object', async () => {
    expect((await send('{"to":')).status).toBe(400);
    expect((await send('[]')).body.code).toBe('request.invalid');
    expect((await send('to=1', { 'Content-Type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await send({ ...NOTICE, note: 'x'.repeat(2_000_000) })).status).toBe(413);
  });

  test('is for staff only, and nothing is stored for others', async () => {
    const before = await messageCount();
    const { accessToken } = staff;
    for (const authorization of ['', 'Bearer wrong', `Basic ${accessToken}`, `Bearer ${accessToken}x`]) {
      const paths = ['/sms/templates', `/sms/messages/${newId()}`];
      for (const path of paths) {
        const { status, body } = await call('GET', path, { headers: { authorization } });
        expect([status, body.code]).toEqual([401, expect.stringMatching(/^access\.token_/)]);
      }
      expect((await send(NOTICE, { authorization })).status).toBe(401);
      // A stranger learns nothing about what a right body is.
      expect((await send({}, { authorization })).status).toBe(401);
    }
    expect(await messageCount()).toBe(before);
  });

  test('is answered although Temporal is away, and the log warns without anything personal', async () => {
    const before = api.lines().length;
    const { status, body } = await send(CODE);
    expect([status, body.status]).toEqual([201, 'queued']);
    const told = api.lines().slice(before);
    expect(told).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        messageId: body.id,
        msg: 'the workflow of a message could not be started: the sweep will do it',
      }),
    );
    // Nothing that the logger had to hide.
    expect(JSON.stringify(told)).not.toContain('[hidden]');
    await send({ ...CODE, to: '09129876543', variables: { code: 'x48213975' } });
    await send({ ...CODE, to: '09129876543x' });
    const log = JSON.stringify(api.lines());
    for (const secret of ['9121234567', '9129876543', '48213975', staff.accessToken])
      expect(log).not.toContain(secret);
  });
});

test('a message is stored and answered at once while nothing comes back from Temporal', async () => {
  const gate = await openTcpGate();
  gate.swallow();
  const patient = await openApiForTest({
    neighbours: { database: shop.database },
    temporal: { temporalAddress: gate.address, temporalDeadlineMs: 60_000 },
  });
  onTestFinished(() => gate.close());
  const began = Date.now();
  const { accountId, sessionId } = staff;
  const authorization = `Bearer ${patient.accessToken({ accountId, sessionId, generation: 1 })}`;
  const { status, body } = await send(NOTICE, { authorization }, patient.url);
  expect(status).toBe(201);
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(await read(body.id)).toMatchObject({ status: 200, body: { status: 'queued' } });
});

describe('a message that is read', () => {
  test('tells of every send, with the middle of the number hidden and no variable', async () => {
    const { id } = await buildMessage(shop.database, { variables: { code: '59318642' } });
    await buildSend(shop.database, id, {
      ...{ kind: 'refused', class: 'overload', code: '20', message: 'too many requests', tookMs: 12 },
    });
    await buildSend(shop.database, id, {
      ...{ kind: 'accepted', providerMessageId: newId(), tookMs: 140 },
      cost: { amount: '0.00750', unit: 'USD' },
    });
    const { status, body, text } = await read(id);
    expect(status).toBe(200);
    const common = { operation: 'text', isProbe: false, delivery: null, deliveredAt: null };
    const anyInstant = { startedAt: expect.any(String) };
    expect(body).toMatchObject({ to: MASKED, status: 'accepted', reason: '20' });
    expect(body.attempts).toEqual([
      {
        ...{ ...common, ...anyInstant, id: smsAttemptIdOf(id, 1), provider: 'first', status: 'refused' },
        ...{ refusal: 'overload', code: '20', explanation: 'too many requests', cost: null, latencyMs: 12 },
      },
      {
        ...{ ...common, ...anyInstant, id: smsAttemptIdOf(id, 2), provider: 'second', status: 'accepted' },
        ...{ refusal: null, code: null, explanation: null, latencyMs: 140 },
        cost: { amount: '0.00750', unit: 'USD' },
      },
    ]);
    for (const secret of ['9121234567', '59318642']) expect(text).not.toContain(secret);
  });

  test('is not found under an id that nobody has, and a malformed id is not understood', async () => {
    const missing = await read(newId());
    expect([missing.status, missing.body.code]).toEqual([404, 'sms.not_found']);
    for (const id of ['1', 'x', `${newId()}0`, '..%2f']) {
      const { status, body } = await read(id);
      expect([status, body.code], id).toEqual([422, 'request.invalid']);
    }
  });
});

test('staff see every template in both languages, with its variables', async () => {
  const { status, body } = await call('GET', '/sms/templates', { headers: asStaff });
  const { items } = body as unknown as SmsTemplatesView;
  expect(status).toBe(200);
  expect(items.map(({ key, language, kind }) => `${key} ${language} ${kind}`)).toEqual([
    'approval_needed en notice',
    'approval_needed fa notice',
    'campaign_offer en notice',
    'campaign_offer fa notice',
    'cart_waits en notice',
    'cart_waits fa notice',
    'change_number_code en code',
    'change_number_code fa code',
    'confirm_action_code en code',
    'confirm_action_code fa code',
    'factor_replaced en notice',
    'factor_replaced fa notice',
    'notification_digest en notice',
    'notification_digest fa notice',
    'number_change_waits en notice',
    'number_change_waits fa notice',
    'number_changed en notice',
    'number_changed fa notice',
    'order_cancelled en notice',
    'order_cancelled fa notice',
    'order_expired en notice',
    'order_expired fa notice',
    'order_paid en notice',
    'order_paid fa notice',
    'payment_refunded en notice',
    'payment_refunded fa notice',
    'recovery_code_used en notice',
    'recovery_code_used fa notice',
    'refund_due en notice',
    'refund_due fa notice',
    'sign_in_code en code',
    'sign_in_code fa code',
    'stock_back en notice',
    'stock_back fa notice',
    'stock_low en notice',
    'stock_low fa notice',
    'stock_out en notice',
    'stock_out fa notice',
    'ticket_answered en notice',
    'ticket_answered fa notice',
    'ticket_escalated en notice',
    'ticket_escalated fa notice',
  ]);
  expect(items.find(({ key, language }) => `${key} ${language}` === 'order_paid en')).toEqual({
    ...{ key: 'order_paid', language: 'en', kind: 'notice', text: 'Order {number} is paid' },
    variables: [{ name: 'number', form: 'word', longest: 20 }],
  });
});
