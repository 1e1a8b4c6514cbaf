import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { checkVerification, type CheckVerification } from '../../entities/auth/check-verification';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import type { ChatActor } from '../../entities/chat/room-access';
import { sendCode } from '../../entities/codes/send-code';
import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { forgetCodes } from '../../entities/customers/forget-codes';
import { PERSONAL_DATA } from '../../entities/customers/personal-data';
import { addAddress } from '../../entities/customers/saved-addresses';
import { answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import { newId } from '../../entities/values/uuid';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildAgent, buildSupport, say } from '../support/factories/chat';
import { buildNumberChange, confirm } from '../support/factories/number-changes';
import { buildMessage } from '../support/factories/sms';
import { buildTicket } from '../support/factories/tickets';
import {
  ageCodes,
  buildSentCode,
  buildUsedCode,
  buildVerification,
  wrongOf,
} from '../support/factories/verifications';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase({ seeded: true });
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

/** Tables that belong to nobody. A new table is named here, or in PERSONAL_DATA. */
const OF_NOBODY = [
  'analytics_days',
  'analytics_failed_days',
  'analytics_sources',
  'answer_caches',
  'calendar_days',
  'campaign_batches',
  'campaign_paces',
  'campaigns',
  'canned_answers',
  'cart_lines',
  'catalog_import_lines',
  'catalog_imports',
  'categories',
  'demand_daily',
  'demand_profiles',
  'events',
  'hot_addresses',
  'job_runs',
  'journal_cursors',
  'ledger_entries',
  'migrations',
  'order_lines',
  'payment_attempts',
  'payment_callbacks',
  'planned_prices',
  'processed_steps',
  'product_listings',
  'product_pictures',
  'product_recommendations',
  'request_digests',
  'product_search',
  'product_versions',
  'products',
  'purchase_order_lines',
  'purchase_order_receipt_lines',
  'relay_parked',
  'replenishment_decisions',
  'replenishment_policies',
  'reservations',
  'sla_clocks',
  'sla_targets',
  'sms_attempts',
  'sms_breakers',
  'sms_template_bindings',
  'sms_templates',
  'spent_work',
  'stock_alerts',
  'stock_count_lines',
  'stock_counts',
  'stock_imports',
  'stock_levels',
  'stock_locations',
  'stock_movements',
  'stock_transfer_lines',
  'stock_transfer_receipts',
  'stock_transfers',
  'supplier_items',
  'supplier_messages',
  'supplier_replies',
  'suppliers',
  'tracking_events',
  'tracking_present',
  'tracking_salts',
  'typeorm_metadata',
  'used_tickets',
  'variant_availability',
  'variants',
  'workflow_wakes',
];

/** Tables that may belong to somebody and say nothing of them: ids, states and keyed hashes. A new column is named here. */
const OF_SOMEBODY: Readonly<Record<string, readonly string[]>> = {
  carts: ['created_at', 'currency', 'customer_id', 'id', 'joined_at', 'updated_at', 'version'],
  staff_actions: [
    'account_id',
    'action',
    'at',
    'details',
    'id',
    'object_id',
    'object_type',
    'request_id',
    'session_id',
  ],
  purchase_order_receipts: ['account_id', 'id', 'note', 'order_id', 'received_at', 'request_digest'],
  purchase_order_requests: ['account_id', 'created_at', 'id', 'order_id', 'quantity', 'variant_id'],
  purchase_orders: [
    'approval_reasons',
    'approved_by',
    'attention',
    'created_at',
    'created_by',
    'cutoff_at',
    'expected_at',
    'finished_at',
    'id',
    'location_id',
    'number',
    'ordered_at',
    'remind_at',
    'reminders',
    'revision',
    'status',
    'supplier_id',
    'version',
    'wakes',
    'woken_at',
  ],
  ticket_desks: ['assignee_id', 'id', 'last_note_seq', 'passed_by', 'priority', 'version'],
  // Their titles belong to everybody in them.
  rooms: [
    'active_at',
    'archived_at',
    'created_at',
    'direct_key',
    'history',
    'id',
    'kind',
    'last_seq',
    'opened_by',
    'state',
    'title',
    'version',
  ],
  orders: [
    'asked_by',
    'cart_id',
    'client_key',
    'created_at',
    'currency',
    'customer_id',
    'delivers',
    'held_order_id',
    'id',
    'number',
    'paid_at',
    'payment_deadline',
    'payment_status',
    'request_digest',
    'settled_attempt_id',
    'status',
    'total',
    'version',
  ],
};

test('every column of the shop is known to be personal or not', async () => {
  const columns = await rows<{ table: string; columns: string[] }>(
    shop.database.manager,
    `SELECT table_name AS table, array_agg(column_name::text ORDER BY column_name) AS columns
     FROM information_schema.tables JOIN information_schema.columns USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY table_name`,
  );
  const listed = PERSONAL_DATA.map(({ table, shown, hidden = [], rest }) => [
    table,
    [...shown, ...hidden, ...rest].toSorted(),
  ]);
  const expected = Object.fromEntries([...listed, ...Object.entries(OF_SOMEBODY)]) as Record<
    string,
    string[]
  >;
  const found = Object.fromEntries(
    columns.filter(({ table }) => !OF_NOBODY.includes(table)).map((it) => [it.table, it.columns.toSorted()]),
  );
  expect(found).toEqual(expected);
});

test('no table is read as a whole for the rows of one person', async () => {
  const searched = PERSONAL_DATA.map(({ table, key }) => `${table}.${key}`);
  const removed = PERSONAL_DATA.filter(({ erasure }) => erasure === 'remove').map(({ table }) => table);
  const unindexed = await rows<{ column: string }>(
    shop.database.manager,
    `SELECT c.relname || '.' || a.attname AS column
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE (c.relname || '.' || a.attname = ANY($1)
         OR EXISTS (SELECT 1 FROM pg_constraint f
           WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum]
             AND f.confrelid = ANY($2::text[]::regclass[])))
       AND NOT EXISTS (SELECT 1 FROM pg_index i
         WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum
           AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname)))
     ORDER BY 1`,
    [searched, removed],
  );
  expect(unindexed).toEqual([]);
});

const PERSON = { name: 'Ziba Nobody-Else', email: 'ziba@nobody-else.example' };
const STREET = 'Nowhere-Else Street';

const keep = (accountId: string) =>
  shop.run((transaction) =>
    addAddress(transaction, {
      accountId,
      addressId: newId(),
      label: 'Hideaway',
      isDefault: true,
      recipient: {
        name: PERSON.name,
        phone: '+989350001122',
        province: 'IR-23',
        city: '2301',
        postalCode: '1416932790',
        lines: [STREET],
        plaque: '12',
        unit: null,
        location: { latitude: 35.5, longitude: 51.25 },
      },
    }),
  );

/** A ticket on which somebody of the staff has answered and taken a note. */
async function complain(customer: ChatActor): Promise<void> {
  const { id } = await buildTicket(shop, customer, { subject: 'Kasha is ill', text: 'Bavaria is far' });
  const agent = await buildAgent(shop, 'support');
  const written = { ticketId: id, now: new Date() };
  await shop.run(async (transaction) => {
    const answer = { ...written, clientId: newId(), text: 'Give her Golabi', status: 'resolved' } as const;
    await answerAsStaff(transaction, agent, answer);
    await noteOnTicket(transaction, agent, { ...written, clientId: newId(), text: 'Asks about Golabi' });
  });
}

/** A life: a sign-in, a profile, an address, messages, and another number. */
async function liveALife() {
  const change = await buildNumberChange(shop.database);
  const { accountId, oldPhone, newPhone } = change;
  await shop.run((transaction) => changeProfile(transaction, { accountId, ...PERSON, marketing: true }));
  await keep(accountId);
  await buildMessage(shop.database, { recipient: oldPhone });
  await confirm(shop.database, change);
  const { roomId, customer } = await buildSupport(shop, accountId);
  await say(shop, customer, roomId, 'My cat is called Pashmak');
  await complain(customer);
  const verificationId = await buildUsedCode(shop.database, newPhone);
  await buildSession(shop.database, { accountId, verificationId, deviceLabel: 'A phone of Ziba' });
  await buildMessage(shop.database, {
    recipient: newPhone,
    kind: 'notice',
    variables: { number: 'Zardalu-42' },
  });
  return {
    accountId,
    oldPhone,
    newPhone,
    traces: [
      oldPhone,
      newPhone,
      '+989350001122',
      PERSON.name,
      PERSON.email,
      STREET,
      'Hideaway',
      'of Ziba',
      'Zardalu-42',
      'Pashmak',
      'Kasha',
      'Bavaria',
      'Golabi',
    ],
  };
}

/** The tables in which a text stands, whatever the column. */
async function tablesWith(trace: string): Promise<string[]> {
  const tables = await rows<{ table: string }>(
    shop.database.manager,
    `SELECT table_name AS table FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found = await Promise.all(
    tables.map(async ({ table }) => {
      const [{ hits }] = (await rows<{ hits: number }>(
        shop.database.manager,
        `SELECT count(*)::int AS hits FROM ${table} AS t WHERE position($1 IN t::text) > 0`,
        [trace],
      )) as [{ hits: number }];
      return hits > 0 ? [table] : [];
    }),
  );
  return found.flat();
}

/** For all codes of these numbers, and then the sweep. */
async function letADayPass(...phones: string[]) {
  for (const phone of phones) {
    await ageCodes(shop.database, phone, 86_400 + 601);
    await rows(
      shop.database.manager,
      `UPDATE verifications SET forget_at = forget_at - interval '1 day 601 seconds' WHERE phone = $1`,
      [phone],
    );
  }
  await shop.run(forgetCodes);
}

test('an export shows everything that an erasure removes, and the erasure leaves no trace in any table but what limits count for a day', async () => {
  const { accountId, oldPhone, newPhone, traces } = await liveALife();
  const shown = JSON.stringify(await shop.run((transaction) => exportAccount(transaction, accountId)));
  expect(traces.filter((trace) => !shown.includes(trace))).toEqual([]);
  for (const trace of traces) expect(await tablesWith(trace), trace).not.toEqual([]);

  await shop.run((transaction) => eraseAccount(transaction, accountId));
  for (const trace of traces) {
    const isOfCodes = trace === oldPhone || trace === newPhone;
    expect(await tablesWith(trace), trace).toEqual(isOfCodes ? ['verifications'] : []);
  }
  await letADayPass(oldPhone, newPhone);
  for (const trace of traces) expect(await tablesWith(trace), trace).toEqual([]);
  expect(
    await row(
      shop.database.manager,
      `SELECT status, phone, (SELECT count(*)::int FROM sessions WHERE account_id = $1) AS sessions,
         (SELECT type FROM events WHERE aggregate_id = $1 ORDER BY version DESC LIMIT 1) AS event
       FROM accounts WHERE id = $1`,
      [accountId],
    ),
  ).toEqual({ status: 'erased', phone: null, sessions: 0, event: 'account.erased' });
});

describe('the codes of an erased person', () => {
  const erase = (accountId: string) => shop.run((transaction) => eraseAccount(transaction, accountId));
  const keptOf = (phone: string) =>
    rows(
      shop.database.manager,
      `SELECT id, purpose, account_id AS "accountId", salt = decode(repeat('00', 16), 'hex') AS "isEmpty",
         expires_at <= now() AS "isOver" FROM verifications WHERE phone = $1 ORDER BY created_at`,
      [phone],
    );

  test('count for the limits of the number for a day, so that an erasure is no way to another code', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    const limits = { ...VERIFICATION_LIMITS, waitSeconds: [] };
    const typed: CheckVerification[] = [];
    for (let time = 1; time <= 5; time += 1) {
      typed.push({ ...(await buildSentCode(shop.database, { phone, limits })), limits });
    }
    const check = (it: CheckVerification) =>
      refusalOf(shop.run((transaction) => checkVerification(transaction, it)));
    await shop.run((transaction) =>
      checkVerification(transaction, { ...typed[0]!, code: wrongOf(typed[0]!.code) }),
    );

    await erase(accountId);

    const again = () => buildVerification(shop.database, { phone, limits });
    expect((await refusalOf(again())).code).toBe('auth.codes_too_many');
    for (const it of typed) expect((await check(it)).code).toBe('auth.code_over');
    await letADayPass(phone);
    expect(await keptOf(phone)).toEqual([]);
    await again();
  });

  test('count for the guesses at the number as well', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    const limits = { ...VERIFICATION_LIMITS, waitSeconds: [], wrongPerHour: 1 };
    const one = await buildSentCode(shop.database, { phone, limits });
    await shop.run((transaction) =>
      checkVerification(transaction, { ...one, code: wrongOf(one.code), limits }),
    );
    await erase(accountId);
    const other = await buildSentCode(shop.database, { phone, limits });
    const refusal = await refusalOf(
      shop.run((transaction) => checkVerification(transaction, { ...other, limits })),
    );
    expect(refusal.code).toBe('auth.guesses_too_many');
  });

  test('name neither the account nor what they were derived from, and are over', async () => {
    const change = await buildNumberChange(shop.database);
    await erase(change.accountId);
    for (const phone of [change.oldPhone, change.newPhone]) {
      for (const kept of await keptOf(phone)) {
        expect(kept).toMatchObject({ accountId: null, isEmpty: true, isOver: true });
      }
    }
    expect(await keptOf(change.newPhone)).toHaveLength(1);
  });

  test('are not sent to a number that is erased meanwhile: the message comes first, or there is none', async () => {
    const change = await buildNumberChange(shop.database);
    const [verificationId] = change.verificationIds;
    const send = (transaction: EntityManager) =>
      sendCode(transaction, { verificationId: verificationId!, isResend: false });

    const { waited } = await interleave(shop, send, (transaction) =>
      eraseAccount(transaction, change.accountId),
    );

    expect(waited).toBe(true);
    expect(await tablesWith(change.newPhone)).toEqual(['verifications']);
    const late = await buildNumberChange(shop.database);
    const { second } = await interleave(
      shop,
      (transaction) => eraseAccount(transaction, late.accountId),
      (transaction) => sendCode(transaction, { verificationId: late.verificationIds[0]!, isResend: false }),
    );
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'auth.code_over' } });
    expect(await tablesWith(late.newPhone)).toEqual(['verifications']);
  });

  test('are not asked for after it, although the session was alive a moment ago', async () => {
    const { accountId } = await buildSession(shop.database);
    await erase(accountId);
    const asked = buildVerification(shop.database, { purpose: 'confirm_action', accountId });
    expect((await refusalOf(asked)).code).toBe('auth.session_over');
  });
});

test('a second erasure changes nothing, also at once, and an export after it shows nobody', async () => {
  const { accountId } = await liveALife();
  const erase = () => shop.run((transaction) => eraseAccount(transaction, accountId));
  await Promise.all([erase(), erase()]);
  await erase();
  const erased = await rows(
    shop.database.manager,
    `SELECT 1 FROM events WHERE aggregate_id = $1 AND type = 'account.erased'`,
    [accountId],
  );
  expect(erased).toHaveLength(1);
  const { accounts, ...others } = await shop.run((transaction) => exportAccount(transaction, accountId));
  expect(accounts).toMatchObject([{ phone: null, status: 'erased' }]);
  expect(Object.values(others).flat()).toEqual([]);
});

test('what came before somebody had the number, and after they gave it up, is not theirs', async () => {
  const { accountId, oldPhone } = await liveALife();
  await rows(shop.database.manager, 'DELETE FROM sms_messages WHERE recipient = $1', [oldPhone]);
  const before = await buildMessage(shop.database, { recipient: oldPhone });
  await rows(
    shop.database.manager,
    `UPDATE sms_messages SET created_at = now() - interval '1 day' WHERE id = $1`,
    [before.id],
  );
  await buildMessage(shop.database, { recipient: oldPhone });
  const { smsMessages } = await shop.run((transaction) => exportAccount(transaction, accountId));
  expect(smsMessages!.filter(({ recipient }) => recipient === oldPhone)).toEqual([]);
});

test('somebody of the staff is dismissed first', async () => {
  const { accountId } = await buildSession(shop.database);
  await rows(shop.database.manager, `INSERT INTO account_roles (account_id, role) VALUES ($1, 'support')`, [
    accountId,
  ]);
  const refusal = await refusalOf(shop.run((transaction) => eraseAccount(transaction, accountId)));
  expect(refusal.code).toBe('account.has_roles');
});
