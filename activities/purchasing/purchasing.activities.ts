import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { findLostOrders } from '../../entities/purchasing/find-lost-orders';
import { judgeReplies } from '../../entities/purchasing/judge-replies';
import { readPurchaseOrderState } from '../../entities/purchasing/purchase-order-state';
import { remindAboutOrder, type ApprovalPatience } from '../../entities/purchasing/remind-about-order';
import { submitDueOrder } from '../../entities/purchasing/submit-purchase-order';
import type { SupplierChannelKind } from '../../entities/purchasing/supplier';
import { claimMessage, recordMessageOutcome } from '../../entities/purchasing/supplier-messages';
import type { SupplierSecrets } from '../../entities/purchasing/supplier-secrets';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import {
  look,
  PURCHASE_ORDER_WORKFLOW,
  purchaseOrderOf,
} from '../../workflows/purchasing/purchase-order.contract';
import type { PurchaseOrderSteps, SupplierCalls } from '../../workflows/purchasing/purchase-order.steps';
import type { PurchasingSweepSteps } from '../../workflows/purchasing/purchasing-sweep.steps';
import { beating } from '../beating';
import type { Steps } from '../step';
import { replyJudge } from './judge-reply';
import type { SupplierChannel } from './supplier-channel';

export interface PurchasingSettings {
  readonly channels: Readonly<Record<SupplierChannelKind, SupplierChannel>>;
  readonly secrets: SupplierSecrets;
  /** How old an order must be before the sweep looks after its workflow. */
  readonly overdueByMs: number;
  /** How long orders may await approval. */
  readonly patience: ApprovalPatience;
}

const ORDERS_AT_ONCE = 100;
const WAKE_LIMIT_MS = 5_000;

/** The steps of a purchase order's workflow, its calls of suppliers, and the sweep. */
export function createPurchasingActivities(
  { step }: Steps,
  database: DataSource,
  metrics: Metrics,
  { channels, secrets, overdueByMs, patience }: PurchasingSettings,
): PurchaseOrderSteps & SupplierCalls & PurchasingSweepSteps {
  const messages = metrics.counter('asoud_supplier_messages_total', 'Messages to suppliers, by answer', [
    'channel',
    'kind',
    'outcome',
  ]);
  const replies = metrics.counter('asoud_supplier_replies_total', 'Replies of suppliers, by verdict', [
    'verdict',
  ]);
  const judge = replyJudge(secrets);

  async function wakeLostOrders(): Promise<number> {
    const lost = await withTransaction(database, (transaction) =>
      findLostOrders(transaction, { overdueByMs, limit: ORDERS_AT_ONCE }),
    );
    let awake = 0;
    for (const orderId of lost) if (await wake(orderId)) awake += 1;
    return awake;
  }

  return {
    readPurchaseOrder: step(
      async (transaction, { orderId }) => (await readPurchaseOrderState(transaction, orderId)) ?? null,
    ),
    submitDueOrder: step(submitDueOrder),
    recordMessageOutcome: step(recordMessageOutcome),
    remindAboutOrder: step((transaction, input) => remindAboutOrder(transaction, { ...input, patience })),
    async judgeSupplierReplies(input) {
      const { order, verdicts } = await withTransaction(database, (transaction) =>
        judgeReplies(transaction, input, judge),
      );
      for (const verdict of verdicts) replies.inc({ verdict });
      return order;
    },

    async tellSupplier(attempt) {
      const message = await withTransaction(database, (transaction) => claimMessage(transaction, attempt));
      if (!message) return { kind: 'not_wanted' };
      const channel = channels[message.channel];
      const outcome = await (message.kind === 'order' ? channel.send(message) : channel.cancel(message));
      messages.inc({ channel: message.channel, kind: message.kind, outcome: outcome.kind });
      return outcome;
    },

    wakeLostOrders: () => beating(wakeLostOrders),
  };
}

/** A workflow that cannot be woken must not hold up the others. The next sweep finds it again. */
async function wake(orderId: string): Promise<boolean> {
  const client = getClient();
  try {
    await client.withDeadline(Date.now() + WAKE_LIMIT_MS, () =>
      client.workflow.signalWithStart(PURCHASE_ORDER_WORKFLOW, {
        ...purchaseOrderOf(orderId),
        signal: look,
      }),
    );
  } catch (error) {
    log.warn('the workflow of a purchase order could not be woken', { orderId, error });
    return false;
  }
  return true;
}
