import type { DataSource } from 'typeorm';

import { refreshListedPrices } from '../../entities/catalog/refresh-listed-prices';
import { withTransaction } from '../../platform/transaction';
import type { PlainWork } from './job.activities';

const PAGE = 200;

/** Lists the products again whose planned prices have begun or ended. */
export function refreshPrices(database: DataSource): PlainWork {
  return async ({ throwIfOver }) => {
    let listed = 0;
    for (let found = PAGE; found === PAGE; listed += found) {
      throwIfOver();
      found = await withTransaction(database, (transaction) => refreshListedPrices(transaction, PAGE));
    }
    return { listed };
  };
}
