import { Writable } from 'node:stream';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { codeOf, createCodePeppers, type CodeSource } from '../../entities/auth/code-peppers';
import { newId } from '../../entities/values/uuid';
import { CodesConfig } from '../../platform/config/codes';
import { verificationWorkflowId } from '../../workflows/verification/verification.contract';
import { payloadsOf } from '../replay/history-files';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildPhone } from '../support/factories/phone';
import { wrongOf } from '../support/factories/verifications';
import { openShop, type Shop } from '../support/shop';
import { row, rows } from '../support/sql';

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

const call = (caller: BuiltCaller, method: string, path: string, body?: object) =>
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
    const { raw } = await handle.describe();
    const history = await handle.fetchHistory();
    texts.push(workflowId, JSON.stringify(history), ...payloadsOf(history), ...payloadsOf(raw));
  }
  return texts;
}

test('a whole life leaves nothing personal in the journal, in Temporal and in the log, and an erasure nothing at all', async () => {
  const caller = await buildCaller(shop);
  const { phone: oldPhone } = (await (await call(caller, 'GET', '/me')).json()) as { phone: string };
  const newPhone = buildPhone();
  const person = { name: 'Ziba Nobody-Else', email: 'ziba@nobody-else.example' };
  const street = 'Nowhere-Else Street';
  await call(caller, 'PATCH', '/me', { ...person, marketing: true });
  const recipient = {
    ...{ name: person.name, phone: '09350001122', province: 'IR-23', city: '2301' },
    ...{ postalCode: '5951412749', lines: [street] },
  };
  expect((await call(caller, 'POST', '/me/addresses', { recipient })).status).toBe(201);

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
  const traces = [oldPhone, newPhone, '+989350001122', person.name, person.email, street, '5951412749'];
  expect(traces.filter((trace) => !exported.includes(trace))).toEqual([]);

  const journal = JSON.stringify(
    await rows(shop.database.manager, 'SELECT type, payload, aggregate_id FROM events'),
  );
  const temporal = (await temporalTexts()).join('\n');
  const log = lines.join('');
  expect(temporal).toContain('verification:');
  expect(log).toContain('/me/number-changes');
  for (const trace of [...traces, codes.newCode, codes.oldCode]) {
    const national = trace.replace(/^\+98/, '');
    expect(journal, 'journal').not.toContain(national);
    expect(log, 'log').not.toContain(national);
    // Six digits stand in many an id. Codes are looked for as a value.
    expect(temporal, 'Temporal').not.toContain(/^\d{6}$/.test(trace) ? `"${trace}"` : national);
  }

  expect((await call(caller, 'POST', '/me/erasure')).status).toBe(204);
  const again = await eventually(
    () => call(caller, 'POST', '/me/erasure'),
    ({ status }) => status === 401,
  );
  expect(await again.json()).toMatchObject({ code: 'auth.session_over' });
  expect(
    await row(shop.database.manager, 'SELECT status, phone FROM accounts WHERE id = $1', [caller.accountId]),
  ).toEqual({ status: 'erased', phone: null });
});

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
