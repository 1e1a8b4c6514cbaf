import { Writable } from 'node:stream';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CheckoutView } from '../../api/orders/order.view';
import { codeOf, createCodePeppers, type CodeSource } from '../../entities/auth/code-peppers';
import { newId } from '../../entities/values/uuid';
import { CodesConfig } from '../../platform/config/codes';
import { verificationWorkflowId } from '../../workflows/verification/verification.contract';
import { payloadsOf } from '../replay/history-files';
import { authorityOf, Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildItem } from '../support/factories/item';
import { buildPhone } from '../support/factories/phone';
import { buildRecipient } from '../support/factories/recipient';
import { ageCodes, wrongOf } from '../support/factories/verifications';
import { openShop, type Shop } from '../support/shop';
import { ask, bearer } from '../support/sign-in';
import { row, rows } from '../support/sql';
import { workflowOf } from '../support/workflow';

const lines: string[] = [];
let shop: Shop;
beforeAll(async () => {
  const log = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  shop = await openShop({ sms: {}, log });
});
afterAll(() => shop.close());

const peppers = createCodePeppers(new CodesConfig().codePeppers);

type Caller = Pick<BuiltCaller, 'accountId' | 'headers'>;

const PERSON = {
  name: 'Ziba Nobody-Else',
  email: 'ziba@nobody-else.example',
  street: 'Nowhere-Else Street',
  device: 'A phone of Ziba',
};
const RECIPIENT_PHONE = '+989350001122';
const RECIPIENT = {
  ...buildRecipient(),
  ...{ name: PERSON.name, phone: RECIPIENT_PHONE, province: 'IR-23', city: '2301' },
  ...{ postalCode: '5951412749', lines: [PERSON.street] },
};

const call = (caller: Caller, method: string, path: string, body?: object) =>
  fetch(`${shop.url}/api/v1${path}`, {
    method,
    headers: { ...caller.headers, 'content-type': 'application/json', 'idempotency-key': newId() },
    body: body ? JSON.stringify(body) : null,
  });

async function codeTo(phone: string): Promise<string> {
  const source = await row<CodeSource>(
    shop.database.manager,
    `SELECT id, purpose, phone, salt FROM verifications WHERE phone = $1 AND purpose = 'change_number'`,
    [phone],
  );
  return codeOf(peppers.current, source!);
}

/** How the workflow of the code to a number ended, long before the code expires. */
async function endOfCodeTo(phone: string): Promise<unknown> {
  const found = await row<{ id: string }>(
    shop.database.manager,
    `SELECT id FROM verifications WHERE phone = $1 AND purpose = 'change_number'`,
    [phone],
  );
  return shop.temporal.workflow.getHandle(verificationWorkflowId(found!.id)).result();
}

/** What Temporal has: ids, inputs, results and search attributes of every workflow. */
async function temporalTexts(): Promise<string[]> {
  const texts: string[] = [];
  for await (const { workflowId, runId } of shop.temporal.workflow.list()) {
    const handle = shop.temporal.workflow.getHandle(workflowId, runId);
    const { raw, searchAttributes } = await handle.describe();
    const history = await handle.fetchHistory();
    texts.push(workflowId, JSON.stringify(history), ...payloadsOf(history), ...payloadsOf(raw));
    texts.push(JSON.stringify(searchAttributes));
  }
  return texts;
}

/** Signs in with the code that comes by SMS, with the cart of a guest. */
async function signInWithCart(phone: string, cartToken: string) {
  const post = (path: string, body: object) =>
    ask(shop, 'POST', path, {
      headers: { 'X-Cart-Token': cartToken, 'Idempotency-Key': newId() },
      body,
    });
  const asked = await post('/auth/verifications', { phone });
  const [message] = await eventually(
    () => shop.sms!.inbox(phone),
    (inbox) => inbox.length > 0,
  );
  const code = /\b\d{6}\b/.exec(message!.text)![0];
  const typed = { verificationId: asked.body.id, phone, code, delivery: 'body', deviceLabel: PERSON.device };
  const signedIn = await post('/auth/sessions', typed);
  expect([signedIn.status, signedIn.body.cart]).toEqual([201, { isJoined: true, leftBehind: [] }]);
  const { accessToken, refreshToken, sessionId } = signedIn.body.session;
  const me = await ask(shop, 'GET', '/me', { headers: bearer(accessToken) });
  const caller: Caller = {
    accountId: me.body.id,
    headers: { authorization: `Bearer ${accessToken}` },
  };
  const { deviceToken } = signedIn.body;
  return { caller, code, sessionId, tokens: [accessToken, refreshToken, deviceToken] };
}

/** Orders what is in the cart and pays it. Returns the order's id. */
async function buy(caller: Caller, amount: number): Promise<string> {
  const answer = await call(caller, 'POST', '/checkout', { expectedTotal: { amount, currency: 'IRR' } });
  expect(answer.status).toBe(201);
  const placed = (await answer.json()) as CheckoutView;
  const { callbackUrl } = await shop.zarinpal.pay(authorityOf(placed.payment.redirect));
  await new Buyer(shop).comeBack(callbackUrl);
  await workflowOf(shop, placed.order.id).untilEnded();
  return placed.order.id;
}

test('a whole life leaves nothing personal in the journal, in Temporal and in the log, and an erasure nothing at all', async () => {
  const [oldPhone, newPhone] = [buildPhone(), buildPhone()];
  const item = await buildItem(shop);
  const guest = new Buyer(shop);
  await guest.put(item);
  await guest.putRecipient(RECIPIENT);
  const { caller, code, tokens } = await signInWithCart(oldPhone, guest.cartToken);
  const orderId = await buy(caller, item.price);
  const { name, email } = PERSON;
  expect((await call(caller, 'PATCH', '/me', { name, email, marketing: true })).status).toBe(200);
  expect((await call(caller, 'POST', '/me/addresses', { recipient: RECIPIENT })).status).toBe(201);

  // A number waits between two codes.
  await ageCodes(shop.database, oldPhone, 61);
  const requested = await call(caller, 'POST', '/me/number-changes', { newPhone });
  expect(requested.status).toBe(201);
  const { id } = (await requested.json()) as { id: string };
  const codes = { newCode: await codeTo(newPhone), oldCode: await codeTo(oldPhone) };
  const wrong = await call(caller, 'POST', `/me/number-changes/${id}`, {
    ...codes,
    oldCode: wrongOf(codes.oldCode),
  });
  expect(await wrong.json()).toMatchObject({ code: 'auth.code_wrong', errors: [{ field: 'oldCode' }] });
  expect((await call(caller, 'POST', `/me/number-changes/${id}`, codes)).status).toBe(204);
  expect(await (await call(caller, 'GET', '/me')).json()).toMatchObject({ phone: newPhone });

  // The old number gets a notice.
  const notice = await eventually(
    () =>
      row<{ recipient: string; status: string }>(
        shop.database.manager,
        `SELECT recipient, status FROM sms_messages WHERE template = 'number_changed'`,
      ),
    (message) => message !== undefined && message.status !== 'queued' && message.status !== 'sending',
  );
  expect(notice).toMatchObject({ recipient: oldPhone });

  const exported = await (await call(caller, 'GET', '/me/export')).text();
  const traces = [
    ...[oldPhone, newPhone, RECIPIENT_PHONE, name, email, PERSON.street, RECIPIENT.postalCode],
    PERSON.device,
  ];
  expect(traces.filter((trace) => !exported.includes(trace))).toEqual([]);
  const told = { texts: [...traces, ...tokens], codes: [code, codes.newCode, codes.oldCode] };
  await expectNothingTold(told);

  expect((await call(caller, 'POST', '/me/erasure')).status).toBe(204);
  const again = await call(caller, 'POST', '/me/erasure');
  expect([again.status, await again.json()]).toMatchObject([401, { code: 'auth.session_over' }]);
  expect(
    await row(
      shop.database.manager,
      `SELECT a.status, a.phone, o.payment_status AS "paymentStatus",
         (SELECT count(*)::int FROM order_recipients WHERE order_id = o.id) AS recipients
       FROM accounts a JOIN orders o ON o.customer_id = a.id WHERE a.id = $1 AND o.id = $2`,
      [caller.accountId, orderId],
    ),
  ).toEqual({ status: 'erased', phone: null, paymentStatus: 'paid', recipients: 0 });
  await expectNothingTold(told);
});

/** Looks into the journal, the log and Temporal, once there is something of each in them. */
async function expectNothingTold({
  texts,
  codes,
}: {
  readonly texts: readonly string[];
  readonly codes: readonly string[];
}) {
  const journal = JSON.stringify(
    await rows(shop.database.manager, 'SELECT type, payload, aggregate_id FROM events'),
  );
  const temporal = (await temporalTexts()).join('\n');
  const log = lines.join('');
  for (const kind of ['verification:', 'sms:', 'checkout']) expect(temporal).toContain(kind);
  for (const path of ['/auth/sessions', '/checkout', '/me/number-changes']) expect(log).toContain(path);
  expect(journal).toContain('order.');
  for (const trace of texts) {
    const national = trace.replace(/^\+98/, '');
    expect(journal, 'journal').not.toContain(national);
    expect(log, 'log').not.toContain(national);
    expect(temporal, 'Temporal').not.toContain(national);
  }
  for (const code of codes) {
    expect(journal, 'journal').not.toContain(code);
    // Six digits stand in many an id and duration. Codes are looked for as a value.
    expect(log, 'log').not.toMatch(new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`));
    expect(temporal, 'Temporal').not.toContain(`"${code}"`);
  }
}

test('the workflow of a code of a change ends when its code is used, also beside a wrong one', async () => {
  const caller = await buildCaller(shop);
  const { phone: oldPhone } = (await (await call(caller, 'GET', '/me')).json()) as { phone: string };
  const newPhone = buildPhone();
  const requested = await call(caller, 'POST', '/me/number-changes', { newPhone });
  const { id } = (await requested.json()) as { id: string };
  const [newCode, oldCode] = [await codeTo(newPhone), await codeTo(oldPhone)];
  const confirm = (codes: object) => call(caller, 'POST', `/me/number-changes/${id}`, codes);

  expect((await confirm({ newCode, oldCode: wrongOf(oldCode) })).status).toBe(422);
  expect(await endOfCodeTo(newPhone)).toBe('used');
  expect((await confirm({ newCode, oldCode })).status).toBe(204);
  expect(await endOfCodeTo(oldPhone)).toBe('used');
});

test('a lost number needs staff, who find nothing under a foreign account', async () => {
  const caller = await buildCaller(shop);
  const newPhone = buildPhone();
  const requested = await call(caller, 'POST', '/me/lost-numbers', { newPhone });
  const { id } = (await requested.json()) as { id: string };
  const typed = { newCode: await codeTo(newPhone) };
  expect((await call(caller, 'POST', `/me/number-changes/${id}`, typed)).status).toBe(204);

  const approval = (accountId: string) => `/customers/${accountId}/number-changes/${id}/approve`;
  expect((await call(caller, 'POST', approval(caller.accountId))).status).toBe(403);
  const admin = await buildCaller(shop, { roles: ['admin'] });
  expect((await call(admin, 'POST', approval(admin.accountId))).status).toBe(404);
  expect((await call(admin, 'POST', approval(caller.accountId))).status).toBe(204);
  expect((await call(admin, 'POST', approval(caller.accountId))).status).toBe(204);
  expect(await (await call(caller, 'GET', '/me/number-changes')).json()).toMatchObject({
    items: [{ id, status: 'approved' }],
  });

  expect((await call(caller, 'DELETE', `/me/number-changes/${id}`)).status).toBe(204);
  await shop.temporal.workflow.getHandle(`number-change:${id}`).result();
});
