import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ACCOUNT } from '../../entities/auth/auth.events';
import { confirmNumberChange } from '../../entities/customers/confirm-number-change';
import { AppError } from '../../entities/errors';
import { readEvents } from '../../entities/events/read-events';
import type { Transaction } from '../../entities/sql';
import { audited, type Actor } from '../../entities/staff/audited';
import { blockAccount, endAccountSessions, unblockAccount } from '../../entities/staff/block-account';
import { createAdmin } from '../../entities/staff/create-admin';
import { findCustomer } from '../../entities/staff/find-customer';
import { grantRole, inviteStaff } from '../../entities/staff/grant-role';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { replaceFactor } from '../../entities/staff/replace-factor';
import { readStaff } from '../../entities/staff/staff-member';
import { takeRoles } from '../../entities/staff/take-roles';
import { newId } from '../../entities/values/uuid';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { AUTHENTICATORS } from '../support/factories/factors';
import { buildNumberChange } from '../support/factories/number-changes';
import { buildPhone } from '../support/factories/phone';
import { buildAdmin, buildInvited, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { PEPPERS } from '../support/factories/verifications';
import { interleave } from '../support/interleave';
import { codeOf, guardOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
let admin: BuiltStaff;

beforeAll(async () => {
  shop = await openShopDatabase();
});
beforeEach(async () => {
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

type Change<Result> = (transaction: Transaction, actor: Actor) => Promise<Result>;
const as = <Result>(actor: Actor, change: Change<Result>) =>
  shop.run((transaction) => change(transaction, actor));
const actionsOf = async (actor: Actor) =>
  (await readStaffActions(shop.database.manager, { before: null, limit: 100 }))
    .filter(({ accountId }) => accountId === actor.accountId)
    .map(({ action }) => action)
    .toReversed();
const eventsOf = async (accountId: string) =>
  (await readEvents(shop.database.manager, ACCOUNT, accountId, 0, 100)).map(({ type }) => type);
const endOf = async (sessionId: string) =>
  (
    await rows<{ reason: string | null }>(
      shop.database.manager,
      'SELECT end_reason AS reason FROM sessions WHERE id = $1',
      [sessionId],
    )
  )[0]?.reason;

/** Leaves this admin alone, whatever other tests have left. */
const dismissOthers = async () => {
  for (const { accountId } of await readStaff(shop.database.manager)) {
    if (accountId === admin.accountId) continue;
    await as(admin, (transaction, actor) => takeRoles(transaction, actor, { accountId, role: null }));
  }
};

describe('an invitation', () => {
  test('answers the same for a number with an account and one without', async () => {
    const known = await buildAccount(shop.database);
    const invite = (phone: string) =>
      as(admin, (transaction, actor) => inviteStaff(transaction, actor, { phone, role: 'support' }));

    const answers = [await invite(known.phone), await invite(buildPhone())];

    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'active', roles: ['support'], isEnrolled: false });
    expect(answers[0]!.accountId).toBe(known.id);
    expect(await invite(known.phone)).toEqual(answers[0]);
    expect(await eventsOf(known.id)).toEqual(['account.created', 'account.role_granted']);
    expect(await actionsOf(admin)).toEqual(['staff.invite', 'staff.invite', 'staff.invite']);
  });

  test('of a number that somebody changes to meanwhile leaves it to the invited', async () => {
    const change = await buildNumberChange(shop.database);
    const { second, waited } = await interleave(
      shop,
      (transaction) => inviteStaff(transaction, admin, { phone: change.newPhone, role: 'support' }),
      (transaction) => confirmNumberChange(transaction, { ...change, peppers: PEPPERS }),
    );
    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'fulfilled', value: { verdict: 'taken' } });
  });

  test('is for others only, and so is a further role', async () => {
    const invite = as(admin, (transaction, actor) =>
      inviteStaff(transaction, actor, { phone: admin.phone, role: 'staff' }),
    );
    const grant = as(admin, (transaction, actor) =>
      grantRole(transaction, actor, { accountId: admin.accountId, role: 'staff' }),
    );
    expect(await Promise.all([codeOf(invite), codeOf(grant)])).toEqual([
      'staff.not_yourself',
      'staff.not_yourself',
    ]);
    expect(await actionsOf(admin)).toEqual([]);
  });

  test('gives roles to people of the staff alone', async () => {
    const customer = await buildAccount(shop.database);
    const grant = (accountId: string) =>
      as(admin, (transaction, actor) => grantRole(transaction, actor, { accountId, role: 'staff' }));
    const support = await buildStaff(shop.database, admin, 'support');

    expect(await codeOf(grant(customer.id))).toBe('staff.not_found');
    expect(await codeOf(grant(newId()))).toBe('staff.not_found');
    expect(await grant(support.accountId)).toMatchObject({ roles: ['staff', 'support'], isEnrolled: true });
  });
});

describe('a role that is taken', () => {
  test('ends all sessions, and the last one takes the second factor along', async () => {
    const staff = await buildStaff(shop.database, admin, 'support');
    const phone = await buildSession(shop.database, { accountId: staff.accountId });
    const { accountId } = staff;
    await as(admin, (transaction, actor) => grantRole(transaction, actor, { accountId, role: 'staff' }));

    await as(admin, (transaction, actor) => takeRoles(transaction, actor, { accountId, role: 'staff' }));
    expect([await endOf(staff.sessionId), await endOf(phone.sessionId)]).toEqual(['role_lost', 'role_lost']);
    const still = (await readStaff(shop.database.manager)).find((it) => it.accountId === accountId);
    expect(still).toMatchObject({ roles: ['support'], isEnrolled: true });

    await as(admin, (transaction, actor) => takeRoles(transaction, actor, { accountId, role: null }));
    const [factor] = await rows(
      shop.database.manager,
      `SELECT secret, retired_at IS NOT NULL AS "isRetired",
         (SELECT count(*)::int FROM recovery_codes WHERE factor_id = id) AS codes
       FROM factors WHERE account_id = $1`,
      [accountId],
    );
    expect(factor).toEqual({ secret: null, isRetired: true, codes: 0 });
    expect((await eventsOf(accountId)).filter((type) => type.startsWith('account.role'))).toEqual([
      'account.role_granted',
      'account.role_granted',
      'account.role_taken',
      'account.role_taken',
    ]);
  });

  test('stops a change that its holder has begun', async () => {
    const other = await buildStaff(shop.database, admin, 'admin');
    const phone = buildPhone();

    const { second } = await interleave(
      shop,
      (transaction) => takeRoles(transaction, admin, { accountId: other.accountId, role: 'admin' }),
      (transaction) => inviteStaff(transaction, other, { phone, role: 'admin' }),
    );

    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'auth.session_over' } });
    expect(await rows(shop.database.manager, 'SELECT 1 FROM accounts WHERE phone = $1', [phone])).toEqual([]);
  });
});

describe('the last admin', () => {
  test('is neither taken, dismissed, blocked nor left without a factor', async () => {
    await dismissOthers();
    await buildInvited(shop.database, admin, 'admin');
    const { accountId } = admin;

    const stepDown = as(admin, (transaction, actor) =>
      takeRoles(transaction, actor, { accountId, role: 'admin' }),
    );
    const leave = as(admin, (transaction, actor) => takeRoles(transaction, actor, { accountId, role: null }));
    const block = as(admin, (transaction, actor) => blockAccount(transaction, actor, accountId));
    const replace = as(admin, (transaction, actor) => replaceFactor(transaction, actor, accountId));

    const codes = await Promise.all([stepDown, leave, block, replace].map(codeOf));
    expect(codes).toEqual([
      'staff.last_admin',
      'staff.last_admin',
      'staff.not_yourself',
      'staff.not_yourself',
    ]);
    expect(await endOf(admin.sessionId)).toBeNull();
  });

  test('is one of two who dismiss each other at once', async () => {
    await dismissOthers();
    const other = await buildStaff(shop.database, admin, 'admin');

    const outcomes = await Promise.allSettled([
      as(admin, (transaction, actor) =>
        takeRoles(transaction, actor, { accountId: other.accountId, role: null }),
      ),
      as(other, (transaction, actor) =>
        takeRoles(transaction, actor, { accountId: admin.accountId, role: null }),
      ),
    ]);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const left = (await readStaff(shop.database.manager)).filter(({ roles }) => roles.includes('admin'));
    expect(left).toHaveLength(1);
  });

  test('may step down once there is another one', async () => {
    await buildStaff(shop.database, admin, 'admin');
    await as(admin, (transaction, actor) =>
      takeRoles(transaction, actor, { accountId: admin.accountId, role: 'admin' }),
    );
    expect(await endOf(admin.sessionId)).toBe('role_lost');
    expect(await actionsOf(admin)).toEqual(['staff.invite', 'role.take']);
  });
});

test('a lost factor is taken away: sessions end, its codes are worth nothing and roles are pending', async () => {
  const { accountId, sessionId } = await buildStaff(shop.database, admin, 'staff');

  await as(admin, (transaction, actor) => replaceFactor(transaction, actor, accountId));

  expect(await endOf(sessionId)).toBe('factor_lost');
  const member = (await readStaff(shop.database.manager)).find((it) => it.accountId === accountId);
  expect(member).toMatchObject({ roles: ['staff'], isEnrolled: false });
  expect((await eventsOf(accountId)).filter((type) => type.startsWith('account.factor'))).toEqual([
    'account.factor_confirmed',
    'account.factor_replaced',
  ]);
});

test('a blocked account is signed out and comes back by an admin alone; again changes nothing', async () => {
  const { accountId, sessionId } = await buildSession(shop.database);
  const block = () => as(admin, (transaction, actor) => blockAccount(transaction, actor, accountId));
  const unblock = () => as(admin, (transaction, actor) => unblockAccount(transaction, actor, accountId));

  await block();
  await block();
  expect(await endOf(sessionId)).toBe('blocked');
  expect(await codeOf(buildSession(shop.database, { accountId }))).toBe('auth.account_blocked');
  await unblock();
  await unblock();
  const again = await buildSession(shop.database, { accountId });
  await as(admin, (transaction, actor) => endAccountSessions(transaction, actor, accountId));

  expect(await endOf(again.sessionId)).toBe('ended_elsewhere');
  expect((await eventsOf(accountId)).filter((type) => type.endsWith('blocked'))).toEqual([
    'account.blocked',
    'account.unblocked',
  ]);
  for (const change of [blockAccount, unblockAccount, endAccountSessions])
    expect(await codeOf(as(admin, (transaction, actor) => change(transaction, actor, newId())))).toBe(
      'account.not_found',
    );
});

describe('the record of what staff do', () => {
  test('is rolled back with the change', async () => {
    const phone = buildPhone();
    const failing = as(admin, async (transaction, actor) => {
      await inviteStaff(transaction, actor, { phone, role: 'support' });
      throw new AppError('service.failed');
    });

    expect(await codeOf(failing)).toBe('service.failed');
    expect(await actionsOf(admin)).toEqual([]);
    expect(await rows(shop.database.manager, 'SELECT 1 FROM accounts WHERE phone = $1', [phone])).toEqual([]);
  });

  test('is never changed or removed, and names no session of somebody else', async () => {
    const other = await buildAdmin(shop.database);
    await as(admin, (transaction, actor) => findCustomer(transaction, actor, other.phone));
    for (const change of ['UPDATE staff_actions SET object_id = NULL', 'DELETE FROM staff_actions'])
      expect(await guardOf(rows(shop.database.manager, change))).toBe(
        'rows of staff_actions are never changed or removed',
      );
    const forged = as({ ...admin, sessionId: other.sessionId }, (transaction, actor) =>
      audited(transaction, actor, { action: 'customer.find', object: { type: 'account', id: null } }),
    );
    expect(await codeOf(forged)).toBe('auth.session_over');
  });

  test('and the journal hold no number', async () => {
    const { phone } = await buildAccount(shop.database);
    const found = await as(admin, (transaction, actor) => findCustomer(transaction, actor, phone));
    const missed = await as(admin, (transaction, actor) => findCustomer(transaction, actor, buildPhone()));
    expect([found?.phone, missed]).toEqual([phone, undefined]);

    const [told] = await rows<{ text: string }>(
      shop.database.manager,
      `SELECT concat((SELECT json_agg(a) FROM staff_actions a), (SELECT json_agg(e) FROM events e)) AS text`,
    );
    const numbers = await rows<{ phone: string }>(shop.database.manager, 'SELECT phone FROM accounts');
    expect(numbers.filter(({ phone: number }) => told!.text.includes(number.slice(-9)))).toEqual([]);
  });
});

test('the command makes one admin, another one when told, and none of somebody who is blocked', async () => {
  const create = (phone: string, another: boolean) =>
    shop.run((transaction) => createAdmin(transaction, { phone, another, authenticators: AUTHENTICATORS }));
  const blocked = await buildAccount(shop.database);
  await as(admin, (transaction, actor) => blockAccount(transaction, actor, blocked.id));

  expect(await create(buildPhone(), false)).toEqual({ kind: 'exists' });
  expect(await create(blocked.phone, true)).toEqual({ kind: 'blocked' });
  expect(await create(admin.phone, true)).toMatchObject({ kind: 'created', accountId: admin.accountId });
  expect(await endOf(admin.sessionId)).toBe('factor_lost');
});
