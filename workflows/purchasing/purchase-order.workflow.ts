import {
  CancellationScope,
  continueAsNew,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';

import type { OrderMessage, PurchaseOrderState } from '../../entities/purchasing/purchase-order-state';
import type { OrderAttention } from '../../entities/purchasing/purchase-order-status';
import { Attention, renderBlockers } from '../shared/attention';
import { Mailbox } from '../shared/mailbox';
import { providerCalls } from '../shared/provider-calls';
import { workUntilDone, type DueTask } from '../shared/work-until-done';
import { look, type PurchaseOrderInput, type PurchaseOrderResult } from './purchase-order.contract';
import type { PurchaseOrderSteps, SupplierCalls } from './purchase-order.steps';

/** Nobody waits for these in front of a page. */
const steps = proxyActivities<PurchaseOrderSteps>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const supplier = providerCalls<SupplierCalls>({ tellSupplier: 'tell the supplier' });

type OrderTask =
  | (DueTask & { readonly kind: 'read replies' | 'submit the order' | 'remind of the order' })
  | (DueTask & { readonly kind: 'tell the supplier'; readonly message: OrderMessage })
  | (DueTask & { readonly kind: 'wait for a person' });

/** What a person does about each reason. */
const PROBLEMS: Readonly<Record<OrderAttention, { readonly what: string; readonly resolvedBy: string }>> = {
  late: {
    what: 'the goods are late',
    resolvedBy: 'Ask the supplier. Receive what comes, or close the order short.',
  },
  refused: {
    what: 'the supplier does not deliver',
    resolvedBy: 'Order elsewhere, and close what is left of the order.',
  },
  partly_accepted: {
    what: 'the supplier delivers less than was ordered',
    resolvedBy: 'Order the rest elsewhere. Close the order short once the goods are here.',
  },
  unreachable: {
    what: 'the supplier cannot be told',
    resolvedBy: "Put the supplier's address or secret right and send the message again, or cancel the order.",
  },
  cancellation_refused: {
    what: 'the supplier does not know that the order is cancelled',
    resolvedBy: 'Tell the supplier. Goods that come are booked all the same.',
  },
  unapproved: {
    what: 'nobody has approved or rejected the order',
    resolvedBy: 'Have somebody without a line in the order approve or reject it.',
  },
};

/** Reminders were not told once, and nobody was reminded of approvals. Workflows of that time go on without. */
const REMINDERS_ARE_TOLD = 'reminders-are-told';

/**
 * A purchase order from its first line to its end. It follows the row and not its memory: approvals, cancellations and deliveries
 * are operations of others, after which it only looks. Instants are stored in the row; what is due is done by their values.
 *
 * Nothing interrupts it: it ends with the order.
 */
export async function purchaseOrder(input: PurchaseOrderInput): Promise<PurchaseOrderResult> {
  const { orderId } = input;
  const mailbox = new Mailbox<'look', void>();
  setHandler(look, () => mailbox.note('look'));
  let order: PurchaseOrderState | undefined;
  const attention = new Attention(
    { purchaseOrderId: orderId },
    () => mailbox.answerReady(),
    () => describe(order, attention),
  );

  async function follow(state: PurchaseOrderState | null): Promise<void> {
    order = state ?? undefined;
    describe(order, attention);
    const reason = order?.attention ?? null;
    if (reason === null) attention.resolve('order');
    else await attention.needFor('order', { ...PROBLEMS[reason], code: `purchase_order.${reason}` });
  }

  /** The first reminder is told. The next one is a reason for attention, which the row has. */
  async function remind(at: number): Promise<void> {
    const before = order?.reminders ?? 0;
    await follow(await steps.remindAboutOrder({ orderId, at }));
    if (before > 0 || order?.reminders !== 1 || !patched(REMINDERS_ARE_TOLD)) return;
    if (order.status === 'awaiting_approval') {
      await attention.alert('a purchase order awaits approval', 'purchase_order.awaits_approval');
    } else await attention.alert('goods have not come on their day', 'purchase_order.is_due');
  }

  async function perform(task: OrderTask): Promise<void> {
    const at = Date.now();
    switch (task.kind) {
      case 'read replies':
        return follow(await steps.judgeSupplierReplies({ orderId, at }));
      case 'submit the order':
        return follow(await steps.submitDueOrder({ orderId, at }));
      case 'remind of the order':
        return remind(at);
      case 'tell the supplier': {
        const { revision, attempts } = task.message;
        const attempt = { orderId, revision, attempt: attempts + 1, at };
        const outcome = await supplier.tellSupplier(attempt);
        return follow(await steps.recordMessageOutcome({ ...attempt, at: Date.now(), outcome }));
      }
      case 'wait for a person':
    }
  }

  return CancellationScope.nonCancellable(async () => {
    await follow(await steps.readPurchaseOrder({ orderId }));
    attention.forgetEarlierRuns();
    await workUntilDone<'look', void, OrderTask>({
      mailbox,
      nextTask: () => order && nextTask(order),
      requestCount: () => 0,
      serve: async () => follow(await steps.readPurchaseOrder({ orderId })),
      perform,
      continueAsNew: () => continueAsNew<typeof purchaseOrder>(input),
    });
    if (order) return order.status;
    log.warn('Postgres does not know this purchase order any more', { orderId });
    return 'lost';
  });
}

/** What comes next by the row. Undefined once the order is over and its supplier knows. */
function nextTask(order: PurchaseOrderState): OrderTask | undefined {
  const { status, message, hasReply, cutoffAt, remindAt } = order;
  if (hasReply) return { at: 0, kind: 'read replies' };
  if (message?.nextAt != null) return { at: message.nextAt, kind: 'tell the supplier', message };
  switch (status) {
    case 'collecting':
      return { at: cutoffAt, kind: 'submit the order' };
    case 'awaiting_approval':
      if (patched(REMINDERS_ARE_TOLD)) return { at: remindAt ?? 0, kind: 'remind of the order' };
      return { at: Infinity, kind: 'wait for a person' };
    case 'sending':
      return { at: Infinity, kind: 'wait for a person' };
    case 'ordered':
    case 'partly_received':
      return { at: remindAt ?? Infinity, kind: 'remind of the order' };
    default:
      return undefined;
  }
}

function describe(order: PurchaseOrderState | undefined, attention: Attention): void {
  if (!order) return;
  const { number, status, message, expectedAt } = order;
  setCurrentDetails(
    [
      ...renderBlockers(attention.all),
      `**Order ${number}** – ${status}`,
      ...(message
        ? [`Message ${message.revision}: ${message.status}, ${message.answer ?? 'no answer'}`]
        : []),
      ...(expectedAt === null ? [] : [`Expected by ${new Date(expectedAt).toISOString()}.`]),
    ].join('\n\n'),
  );
}
