import { expect, test } from 'vitest';

import { eventually } from '../support/eventually';
import { buildApprovedChange, standingOf } from '../support/factories/number-changes';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';

/** The server's end of the connection with which a worker leads the relay. */
async function leader({ database }: ShopProcesses): Promise<number | undefined> {
  const found = await rows<{ pid: number }>(
    database.manager,
    `SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'asoud-lead-relay'
       AND a.datname = current_database()`,
  );
  return found[0]?.pid;
}

/** An approved change of number, which nobody starts but the relay, is carried out. */
async function expectRelayed(shop: ShopProcesses): Promise<void> {
  const change = await buildApprovedChange(shop.database, 0);
  const standing = await eventually(
    () => standingOf(shop.database, change),
    (it) => it?.status === 'changed',
  );
  expect(standing?.phone).toBe(change.newPhone);
}

test('the relay goes on in another worker when its own is killed, and when it is frozen', async () => {
  const shop = await openShopProcesses();
  try {
    const first = await shop.startWorker();
    const killed = await eventually(() => leader(shop), Boolean);
    const second = await shop.startWorker();
    await expectRelayed(shop);

    await first.kill();
    const frozen = await eventually(
      () => leader(shop),
      (pid) => pid !== undefined && pid !== killed,
    );
    await expectRelayed(shop);

    await shop.startWorker();
    second.pause();
    await eventually(
      () => leader(shop),
      (pid) => pid !== undefined && pid !== frozen,
    );
    await expectRelayed(shop);

    second.goOn();
    await eventually(
      () => shop.logs(),
      (logs) => logs.includes('not leading any more'),
    );
    await expectRelayed(shop);
  } finally {
    await shop.close();
  }
});
