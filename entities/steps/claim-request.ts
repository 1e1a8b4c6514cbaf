import { createHash } from 'node:crypto';

import { assertThat } from '../errors';
import { text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

const CLAIM = statement<{ digest: string }>(
  `INSERT INTO request_digests AS known (object_id, digest) VALUES ($1, $2)
   ON CONFLICT (object_id) DO UPDATE SET digest = known.digest RETURNING digest`,
  { digest: text },
);

/**
 * Notes what a request asks for that makes an object, before the object is made. A repetition passes, and waits for the first one. It
 * is the caller that answers it with the object as it is.
 *
 * @param objectId derived from the `Idempotency-Key`
 * @param asked what the object is made of, as JSON can hold it
 * @throws AppError `request.idempotency_key_reused` when the same key asked for something else
 */
export async function claimRequest(transaction: Transaction, objectId: string, asked: object): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify(asked, inOrder)).digest('hex');
  const known = await row(transaction, CLAIM, [objectId, digest]);
  assertThat(known?.digest === digest, 'request.idempotency_key_reused');
}

/** The order in which a caller names fields says nothing. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
