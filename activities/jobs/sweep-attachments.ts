import type { DataSource } from 'typeorm';

import { findUselessFiles, forgetFiles } from '../../entities/chat/sweep-attachments';
import type { ObjectStorage } from '../../platform/storage/object-storage';
import { withTransaction } from '../../platform/transaction';
import type { PlainWork } from './job.activities';

const PAGE = 100;

/** Gives up attachments that came to nothing, and removes the objects of those and of deleted messages. */
export function sweepAttachments(database: DataSource, storage: Pick<ObjectStorage, 'remove'>): PlainWork {
  return async ({ throwIfOver }) => {
    let removed = 0;
    for (let found = PAGE; found === PAGE; removed += found) {
      throwIfOver();
      const files = await withTransaction(database, (transaction) => findUselessFiles(transaction, PAGE));
      // Outside the transaction. An interruption leaves rows whose objects are gone, which the next run removes again.
      for (const { objectKey } of files) await storage.remove(objectKey);
      await withTransaction(database, (transaction) =>
        forgetFiles(
          transaction,
          files.map(({ id }) => id),
        ),
      );
      found = files.length;
    }
    return { removed };
  };
}
