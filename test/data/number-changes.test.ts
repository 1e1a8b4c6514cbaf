import { afterAll, beforeAll, expect, test } from 'vitest';

import { ATTEMPTS_AT_MOST } from '../../entities/auth/verification';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import {
  approveNumberChange,
  cancelNumberChange,
  carryOutNumberChange,
} from '../../entities/customers/lost-number';
import { blockAccount } from '../../entities/staff/block-account';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildAccount, buildSession } from '../support/factories/accounts';
import {
  buildApprovedChange,
  buildNumberChange,
  confirm,
  standingOf,
  type BuiltNumberChange,
} from '../support/factories/number-changes';
import { buildAdmin } from '../support/factories/staff';
import { ageCodes, buildVerification, wrongOf } from '../support/factories/verifications';
import { interleave } from '../support/interleave';
import { codeOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const eventsOf = ({ accountId }: BuiltNumberChange) =>
  rows<{ type: string; payload: object }>(
    shop.database.manager,
    `SELECT type, payload FROM events WHERE aggregate_id = $1 AND type LIKE 'account.number%' ORDER BY version`,
    [accountId],
  );
const carryOut = (change: BuiltNumberChange) =>
  withTransaction(shop.database, (transaction) => carryOutNumberChange(transaction, change));
const cancel = (change: Pick<BuiltNumberChange, 'changeId' | 'accountId'>) =>
  withTransaction(shop.database, (transaction) => cancelNumberChange(transaction, change));
const approve = (change: BuiltNumberChange, waitMs = 60_000) =>
  withTransaction(shop.database, (transaction) => approveNumberChange(transaction, { ...change, waitMs }));

test('two right codes change the number, end the other sessions, and leave no number in the journal', async () => {
  const change = await buildNumberChange(shop.database);
  await buildSession(shop.database, { accountId: change.accountId });

  expect(await confirm(shop.database, change)).toEqual({
    verdict: 'changed',
    oldPhone: change.oldPhone,
    usedIds: change.verificationIds,
  });
  expect(await standingOf(shop.database, change)).toEqual({
    status: 'changed',
    phone: change.newPhone,
    newPhone: null,
    liveSessions: 1,
  });
  expect(await eventsOf(change)).toEqual([
    { type: 'account.number_changed', payload: { changeId: change.changeId } },
  ]);
  expect(await codeOf(confirm(shop.database, change))).toBe('number_change.over');
});

test('each wrong code counts for itself, and a right one is not asked for again', async () => {
  const change = await buildNumberChange(shop.database);
  const wrongOld = { oldCode: wrongOf(change.oldCode!) };
  for (let tried = 1; tried < ATTEMPTS_AT_MOST; tried += 1) {
    const both = tried === 1 ? { ...wrongOld, newCode: wrongOf(change.newCode) } : wrongOld;
    expect(await confirm(shop.database, change, both)).toEqual({
      verdict: 'wrong',
      wrong: tried === 1 ? ['newCode', 'oldCode'] : ['oldCode'],
      usedIds: tried === 2 ? change.verificationIds.slice(0, 1) : [],
    });
  }
  const [tries] = await rows(
    shop.database.manager,
    `SELECT array_agg(v.attempts ORDER BY v.id = n.old_verification_id) AS attempts
     FROM number_changes n JOIN verifications v ON v.id IN (n.new_verification_id, n.old_verification_id)
     WHERE n.id = $1`,
    [change.changeId],
  );
  expect(tries).toEqual({ attempts: [2, ATTEMPTS_AT_MOST - 1] });
  expect(await confirm(shop.database, change, wrongOld)).toMatchObject({ verdict: 'wrong' });
  expect(await codeOf(confirm(shop.database, change))).toBe('auth.code_over');
});

test('a number that has an account is told only to somebody who has proved both', async () => {
  const { phone } = await buildAccount(shop.database);
  const change = await buildNumberChange(shop.database, { newPhone: phone });
  expect(await confirm(shop.database, change, { newCode: wrongOf(change.newCode) })).toEqual({
    verdict: 'wrong',
    wrong: ['newCode'],
    usedIds: change.verificationIds.slice(1),
  });
  expect(await confirm(shop.database, change)).toEqual({
    verdict: 'taken',
    usedIds: change.verificationIds.slice(0, 1),
  });
  expect(await standingOf(shop.database, change)).toMatchObject({ status: 'taken', phone: change.oldPhone });
});

test('strangers who ask for codes to the old number do not keep its owner from changing it', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  for (let asked = 0; asked < VERIFICATION_LIMITS.perNumber.hour; asked++) {
    await buildVerification(shop.database, { phone });
    await ageCodes(shop.database, phone, VERIFICATION_LIMITS.waitSeconds.at(-1)!);
  }
  expect(await codeOf(buildVerification(shop.database, { phone }))).toBe('auth.codes_too_many');

  const change = await buildNumberChange(shop.database, { accountId });
  expect(await confirm(shop.database, change)).toMatchObject({ verdict: 'changed' });
  const another = { accountId: (await buildAccount(shop.database)).id, newPhone: phone };
  expect(await codeOf(buildNumberChange(shop.database, another))).toBe('auth.codes_too_many');
});

test('of two people who want the same number, one gets it', async () => {
  const first = await buildNumberChange(shop.database);
  await rows(
    shop.database.manager,
    `UPDATE verifications SET created_at = created_at - interval '2 minutes' WHERE phone = $1`,
    [first.newPhone],
  );
  const second = await buildNumberChange(shop.database, { newPhone: first.newPhone });
  const verdicts = await Promise.all([confirm(shop.database, first), confirm(shop.database, second)]);
  expect(verdicts.map(({ verdict }) => verdict).toSorted()).toEqual(['changed', 'taken']);
});

test('a change is its own account’s, not to its own number, and takes the place of an earlier one', async () => {
  const change = await buildNumberChange(shop.database);
  const stranger = await buildAccount(shop.database);
  const foreign = { ...change, accountId: stranger.id };
  expect(await codeOf(confirm(shop.database, foreign))).toBe('number_change.not_found');
  expect(await codeOf(cancel(foreign))).toBe('number_change.not_found');
  expect(await codeOf(cancel({ ...change, changeId: newId() }))).toBe('number_change.not_found');

  const { accountId, oldPhone } = change;
  expect(await codeOf(buildNumberChange(shop.database, { accountId, newPhone: oldPhone }))).toBe(
    'number_change.same',
  );
  await buildNumberChange(shop.database, { accountId, isOldLost: true });
  expect(await standingOf(shop.database, change)).toMatchObject({ status: 'cancelled', newPhone: null });
});

test('without the old number a change needs its proof, an approval and the wait', async () => {
  const change = await buildNumberChange(shop.database, { isOldLost: true });
  expect(change.oldCode).toBeNull();
  expect(await codeOf(approve(change))).toBe('number_change.not_proved');
  expect(await confirm(shop.database, change)).toEqual({
    verdict: 'proved',
    usedIds: change.verificationIds,
  });
  expect(await carryOut(change)).toEqual({ dueAt: null });

  const { effectiveAt } = await approve(change);
  expect(await approve(change, 1)).toMatchObject({ effectiveAt, isNew: false });
  expect(await carryOut(change)).toEqual({ dueAt: effectiveAt.getTime() });
  expect(await standingOf(shop.database, change)).toMatchObject({
    status: 'approved',
    phone: change.oldPhone,
    liveSessions: 1,
  });

  await rows(shop.database.manager, 'UPDATE number_changes SET effective_at = now() WHERE id = $1', [
    change.changeId,
  ]);
  expect(await carryOut(change)).toEqual({ dueAt: null });
  expect(await standingOf(shop.database, change)).toMatchObject({
    status: 'changed',
    phone: change.newPhone,
    liveSessions: 0,
  });
  expect((await eventsOf(change)).map(({ type }) => type)).toEqual([
    'account.number_change_approved',
    'account.number_changed',
  ]);
});

test('the owner cancels an approved change, twice', async () => {
  const change = await buildApprovedChange(shop.database, 0);
  await cancel(change);
  await cancel(change);
  expect(await carryOut(change)).toEqual({ dueAt: null });
  expect(await standingOf(shop.database, change)).toMatchObject({
    status: 'cancelled',
    phone: change.oldPhone,
    newPhone: null,
  });
  expect(await codeOf(approve(change))).toBe('number_change.over');
});

test('an owner who cancels as the change falls due keeps the number', async () => {
  const change = await buildApprovedChange(shop.database, 0);
  const { second, waited } = await interleave(
    shop,
    (transaction) => cancelNumberChange(transaction, change),
    (transaction) => carryOutNumberChange(transaction, change),
  );
  expect(waited).toBe(true);
  expect(second).toEqual({ status: 'fulfilled', value: { dueAt: null } });
  expect(await standingOf(shop.database, change)).toMatchObject({
    status: 'cancelled',
    phone: change.oldPhone,
  });
});

test('a change of somebody who was blocked meanwhile is not approved', async () => {
  const change = await buildNumberChange(shop.database, { isOldLost: true });
  await confirm(shop.database, change);
  const admin = await buildAdmin(shop.database);
  await withTransaction(shop.database, (transaction) => blockAccount(transaction, admin, change.accountId));
  expect(await codeOf(approve(change))).toBe('auth.account_blocked');
});
