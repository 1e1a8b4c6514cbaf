import type { Action } from '../../entities/auth/policy';
import type { ErrorCode } from '../../entities/errors';
import { approveOrder, cancelOrder, rejectOrder } from '../../entities/purchasing/decide-purchase-order';
import { orderByHand } from '../../entities/purchasing/order-by-hand';
import type { RequestedChange } from '../../entities/purchasing/purchase-order-state';
import { closeOrderShort, receiveGoods } from '../../entities/purchasing/receive-goods';
import { submitOrderNow } from '../../entities/purchasing/submit-purchase-order';
import { sendMessageAgain } from '../../entities/purchasing/supplier-messages';
import type { Transaction } from '../../entities/sql';
import { audited } from '../../entities/staff/audited';
import { derivedId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import { tellWorkflow } from '../tell-workflow';
import {
  OrderByHandInput,
  PurchaseOrderParams,
  PurchaseOrdersQuery,
  ReceiptInput,
} from './purchase-orders.input';
import { PurchaseOrdersView, PurchaseOrderView } from './purchase-orders.view';
import { listPurchaseOrders, readPurchaseOrder } from './purchasing.queries';

/** A change of an order by somebody of the staff. */
interface Change {
  readonly orderId: string;
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The changes that need nothing but an order. */
const CHANGES: readonly {
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  readonly action: Action;
  readonly errors: readonly ErrorCode[];
  readonly work: (transaction: Transaction, change: Change) => Promise<RequestedChange>;
}[] = [
  {
    path: 'submit',
    operation: 'submitPurchaseOrder',
    summary: 'Order now what is collected, before the cut-off',
    description: 'An order that was submitted before is answered as it is.',
    action: 'purchase_order.submit',
    errors: ['purchase_orders.not_collecting'],
    work: submitOrderNow,
  },
  {
    path: 'approve',
    operation: 'approvePurchaseOrder',
    summary: 'Let an order go out',
    description: 'Nobody approves an order with lines of their own.',
    action: 'purchase_order.approve',
    errors: ['purchase_orders.not_awaiting_approval', 'purchase_orders.own_approval'],
    work: approveOrder,
  },
  {
    path: 'reject',
    operation: 'rejectPurchaseOrder',
    summary: 'End an order that awaits approval',
    action: 'purchase_order.approve',
    errors: ['purchase_orders.not_awaiting_approval'],
    work: rejectOrder,
  },
  {
    path: 'cancel',
    operation: 'cancelPurchaseOrder',
    summary: 'End an order of which nothing has come',
    description:
      'A supplier that may know of the order is told. Goods that come all the same can be received.',
    action: 'purchase_order.end',
    errors: ['purchase_orders.not_cancellable'],
    work: cancelOrder,
  },
  {
    path: 'close-short',
    operation: 'closePurchaseOrderShort',
    summary: 'End an order although goods are missing',
    description: 'Until then the missing units count as expected, however late they are.',
    action: 'purchase_order.end',
    errors: ['purchase_orders.not_open'],
    work: closeOrderShort,
  },
  {
    path: 'send-again',
    operation: 'sendPurchaseOrderAgain',
    summary: 'Tell the supplier again, at once',
    description:
      'For a message that was refused or has no answer. It keeps its id, so that the supplier orders once.',
    action: 'purchase_order.submit',
    errors: ['purchase_orders.nothing_to_send'],
    work: sendMessageAgain,
  },
];

/** What the shop orders from its suppliers. */
export function purchaseOrdersRoutes(
  router: StaffRouter,
  { database, purchaseOrders }: Pick<Dependencies, 'database' | 'purchaseOrders'>,
): void {
  /** Runs a change, records it, tells the workflow, and shows the order. */
  async function change(
    acting: Acting & { readonly log: Logger },
    { action, details }: { readonly action: Action; readonly details?: Record<string, string | number> },
    work: (transaction: Transaction) => Promise<RequestedChange>,
  ) {
    const { isNew, body } = await withTransaction(database, async (transaction) => {
      const { order, isNew: isChanged } = await work(transaction);
      const object = { type: 'purchase_order' as const, id: order.id };
      if (isChanged) await audited(transaction, actorOf(acting), { action, object, details });
      return { isNew: isChanged, body: await readPurchaseOrder(transaction, order.id) };
    });
    await tellWorkflow(acting.log, { purchaseOrderId: body.id }, () => purchaseOrders.look(body.id));
    return { isNew, body };
  }

  router.get(
    '/purchase-orders',
    [
      describeRoute({
        operation: 'listPurchaseOrders',
        tag: 'purchasing',
        summary: 'Purchase orders, the newest first',
        answers: { 200: PurchaseOrdersView },
      }),
      may('purchasing.read'),
      validateQuery(PurchaseOrdersQuery),
    ],
    async (ctx) => ({ status: 200, body: await listPurchaseOrders(database.manager, ctx.state.query) }),
  );

  router.get(
    '/purchase-orders/:id',
    [
      describeRoute({
        operation: 'getPurchaseOrder',
        tag: 'purchasing',
        summary: 'A purchase order with its lines, messages and deliveries, and why it was made',
        answers: { 200: PurchaseOrderView },
        errors: ['purchase_orders.not_found'],
      }),
      may('purchasing.read'),
      validateParams(PurchaseOrderParams, 'purchase_orders.not_found'),
    ],
    async (ctx) => ({ status: 200, body: await readPurchaseOrder(database.manager, ctx.state.params.id) }),
  );

  router.post(
    '/purchase-orders',
    [
      describeRoute({
        operation: 'orderGoods',
        tag: 'purchasing',
        summary: 'Add lines to the order that is collected for a supplier and a location, or begin it',
        description:
          'They go out with the cut-off of the supplier, or when somebody submits the order. A repetition with the same key adds nothing.',
        answers: { 201: PurchaseOrderView, 200: PurchaseOrderView },
        errors: [
          'suppliers.not_found',
          'suppliers.paused',
          'suppliers.location_unknown',
          'suppliers.item_unknown',
          'suppliers.pack_broken',
          'suppliers.below_minimum_order',
          'purchase_orders.too_many_units',
          'purchase_orders.too_valuable',
          'request.idempotency_key_reused',
        ],
      }),
      may('purchase_order.write'),
      requireIdempotencyKey(),
      validate(OrderByHandInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const { accountId } = caller;
      const requestId = derivedId('purchase', accountId, idempotencyKey);
      const { isNew, body } = await change(
        ctx.state,
        { action: 'purchase_order.write', details: { lines: input.lines.length } },
        (transaction) => orderByHand(transaction, { ...input, requestId, accountId, at: Date.now() }),
      );
      return { status: isNew ? 201 : 200, body };
    },
  );

  for (const { path, operation, summary, description, action, errors, work } of CHANGES) {
    router.post(
      `/purchase-orders/:id/${path}`,
      [
        describeRoute({
          ...{ operation, tag: 'purchasing', summary, errors, answers: { 200: PurchaseOrderView } },
          ...(description !== undefined && { description }),
        }),
        may(action),
        validateParams(PurchaseOrderParams, 'purchase_orders.not_found'),
      ],
      async (ctx) => {
        const { caller, params } = ctx.state;
        const { body } = await change(ctx.state, { action, details: { change: path } }, (transaction) =>
          work(transaction, { orderId: params.id, accountId: caller.accountId, at: Date.now() }),
        );
        return { status: 200, body };
      },
    );
  }

  router.post(
    '/purchase-orders/:id/receipts',
    [
      describeRoute({
        operation: 'receivePurchaseOrder',
        tag: 'purchasing',
        summary: 'Book a delivery into stock',
        description:
          'Too much, part of it, and goods that come after the end are booked too. The same `receiptId` books once.',
        answers: { 201: PurchaseOrderView, 200: PurchaseOrderView },
        errors: [
          'purchase_orders.not_ordered',
          'purchase_orders.line_unknown',
          'purchase_orders.line_empty',
          'purchase_orders.too_many_units',
          'purchase_orders.receipt_differs',
          'purchase_orders.too_many_receipts',
          'stock.too_many_units',
        ],
      }),
      may('purchase_order.receive'),
      validateParams(PurchaseOrderParams, 'purchase_orders.not_found'),
      validate(ReceiptInput),
    ],
    async (ctx) => {
      const { caller, params, input } = ctx.state;
      const { receiptId, lines, note = null } = input;
      const { isNew, body } = await change(
        ctx.state,
        { action: 'purchase_order.receive', details: { receiptId } },
        (transaction) => {
          const { accountId } = caller;
          const asked = { orderId: params.id, receiptId, lines, note, accountId, at: Date.now() };
          return receiveGoods(transaction, asked);
        },
      );
      return { status: isNew ? 201 : 200, body };
    },
  );
}
