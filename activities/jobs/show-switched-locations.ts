import type { DataSource } from 'typeorm';

import { showNextOfSwitched } from '../../entities/inventory/show-switched';
import { withTransaction } from '../../platform/transaction';
import type { PlainWork } from './job.activities';

const PAGE = 500;

/** Tells the public what can be bought after a large location was switched on or off. */
export function showSwitchedLocations(database: DataSource): PlainWork {
  return async ({ throwIfOver }) => {
    let shown = 0;
    for (;;) {
      throwIfOver();
      const more = await withTransaction(database, (transaction) => showNextOfSwitched(transaction, PAGE));
      if (more === null) return { shown };
      shown += more;
    }
  };
}
