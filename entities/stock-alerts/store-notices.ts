import { createHash } from 'node:crypto';

import type { Language } from '../customers/profile';
import { notify } from '../notifications/notify';
import { text, uuid } from '../row-shape';
import { requestMessage, smsMessageIdOf } from '../sms/request-message';
import { rows, statement, type Transaction } from '../sql';
import type { StockAlertKind, StockAudience } from './stock-subscription';

/** The people to tell of an alert. */
export interface StoreNotices {
  readonly alertId: string;
  readonly variantId: string;
  readonly kind: StockAlertKind;
  readonly audience: StockAudience;
  readonly accountIds: readonly string[];
  /** What the message calls the goods. */
  readonly name: string;
  readonly now: Date;
}

/** What SMS.ir takes of a variable. */
const NAME_AT_MOST = 25;

/** Erasing and blocking wait for this, or this for them: nobody who is gone gets a message. */
const LOCK_PEOPLE = statement<{ id: string; phone: string; language: Language }>(
  `SELECT a.id, a.phone, coalesce((SELECT p.language FROM profiles p WHERE p.account_id = a.id), 'fa') AS language
   FROM accounts a WHERE a.id = ANY($1::uuid[]) AND a.status = 'active' ORDER BY a.id FOR SHARE`,
  { id: uuid, phone: text, language: text },
);

const INSERT = statement(
  `INSERT INTO stock_notices (alert_id, account_id, audience, message_id, created_at) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT DO NOTHING`,
);

/** Stores a notice and its message for each of the people who are still there, and shows them what is back in the shop too. */
export async function storeNotices(
  transaction: Transaction,
  { alertId, variantId, kind, audience, accountIds, name, now }: StoreNotices,
): Promise<void> {
  const people = await rows(transaction, LOCK_PEOPLE, [accountIds]);
  const template = `stock_${kind}`;
  for (const { id, phone, language } of people) {
    const key = `${alertId}:${audience}:${id}`;
    const messageId = smsMessageIdOf('stock-alert', key);
    await requestMessage(transaction, {
      ...{ messageId, template, language, recipient: phone },
      variables: { name: shortName(name) },
      requestedBy: 'stock-alert',
      requestDigest: createHash('sha256').update(`${template}:${key}`).digest('hex'),
      codeLifetimeMs: 0,
    });
    await rows(transaction, INSERT, [alertId, id, audience, messageId, now]);
  }
  // Staff hear in the shop of what is low and out by the rules of notifications, whether they asked for messages or not.
  if (kind !== 'back') return;
  await notify(
    transaction,
    people.map(({ id }) => ({
      ...{ owner: { accountId: id }, kind: 'stock_back', dedupeKey: `stock_back:${alertId}` },
      ...{ data: { variantId }, at: now },
    })),
  );
}

/** A name as every provider takes it: one line that is not too long, never half a character. */
export function shortName(name: string): string {
  const line = name.replaceAll(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
  let short = '';
  for (const character of line) {
    if (short.length + character.length > NAME_AT_MOST) break;
    short += character;
  }
  return short.trim() || '-';
}
