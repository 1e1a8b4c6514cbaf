import type { Action } from '../auth/policy';
import { recordEvents } from '../events/record-events';
import type { Transaction } from '../sql';
import { audited, type Actor, type AuditedAction } from '../staff/audited';
import { CATEGORY, PRODUCT, type CategoryEvent, type ProductEvent } from './catalog.events';

/** What the record of staff says beyond the event, which the public may see. */
type Details = AuditedAction['details'];

/**
 * Records a change of a product, as the last thing in its transaction: its event, and who of the staff made it.
 *
 * @throws AppError `auth.session_over`
 */
export async function recordProductChange(
  transaction: Transaction,
  actor: Actor,
  productId: string,
  event: ProductEvent,
  { action = 'catalog.change', details = {} }: { action?: Action; details?: Details } = {},
): Promise<void> {
  await recordEvents(transaction, PRODUCT, productId, event);
  await audited(transaction, actor, {
    action,
    object: { type: 'product', id: productId },
    details: { change: event.type, ...event.payload, ...details },
  });
}

/** The same for a category. */
export async function recordCategoryChange(
  transaction: Transaction,
  actor: Actor,
  categoryId: string,
  ...events: readonly CategoryEvent[]
): Promise<void> {
  await recordEvents(transaction, CATEGORY, categoryId, ...events);
  await audited(transaction, actor, {
    action: 'catalog.change',
    object: { type: 'category', id: categoryId },
    details: Object.assign(
      { change: events.map(({ type }) => type).join(' ') },
      ...events.map(({ payload }) => payload),
    ),
  });
}
