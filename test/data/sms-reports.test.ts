import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { judgeReports, recordProviderReport } from '../../entities/sms/record-report';
import { newId } from '../../entities/values/uuid';
import { buildMessage, buildSend } from '../support/factories/sms';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

describe('a report', () => {
  const come = async (atMost = 3) => {
    const { id } = await buildMessage(shop.database);
    const { attemptId } = (await buildSend(shop.database, id))!;
    const store = (overrides: { messageId?: string } = {}) =>
      recordProviderReport(shop.database.manager, {
        reportId: newId(),
        messageId: id,
        attemptId,
        url: 'https://shop.example/r/1',
        fields: [['To', '+989121234567']],
        signature: 's',
        atMost,
        ...overrides,
      });
    return { id, attemptId, store };
  };

  test('waits to be judged, then is erased', async () => {
    const { id, store } = await come();
    expect(await store()).toEqual({ messageId: id, messageStatus: 'accepted', stored: true });
    const report = { state: 'delivered', code: 'delivered' } as const;
    const message = await shop.run((transaction) =>
      judgeReports(transaction, { messageId: id }, () => ({ verdict: 'genuine', report })),
    );
    expect(message).toMatchObject({ status: 'delivered', hasReport: false });
    expect(
      await row(
        shop.database.manager,
        'SELECT verdict, fields, signature FROM sms_reports WHERE message_id = $1',
        [id],
      ),
    ).toEqual({ verdict: 'genuine', fields: null, signature: null });
  });

  test('for a send of another message leaves no row', async () => {
    const { store } = await come();
    expect(await store({ messageId: newId() })).toBeUndefined();
  });

  test('that is one too many takes the place of one that was judged, and of no other', async () => {
    const { id, store } = await come(2);
    const stored = [await store(), await store(), await store()];
    await shop.run((transaction) =>
      judgeReports(transaction, { messageId: id }, () => ({ verdict: 'forged' })),
    );
    stored.push(await store());
    expect(stored.map((one) => one!.stored)).toEqual([true, true, false, true]);
    expect(
      await row(shop.database.manager, 'SELECT count(*) FROM sms_reports WHERE message_id = $1', [id]),
    ).toEqual({ count: 2 });
  });
});
