import type { Recipient } from '../../entities/customers/recipient';
import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import type { OrderWithLines } from '../../entities/orders/read-order';
import { money } from '../../entities/values/money';
import type { RecipientInPartView } from '../me/recipient.view';
import type {
  CheckoutView,
  NoPageReason,
  OrderDetailView,
  OrderView,
  PaymentPageView,
  ReceiptView,
} from './order.view';

export function presentOrder(order: OrderState): OrderView {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    paymentStatus: order.paymentStatus,
    total: money(order.total, order.currency),
    units: order.units,
    createdAt: new Date(order.createdAt).toISOString(),
    paymentDeadline: new Date(order.paymentDeadline).toISOString(),
    version: order.version,
  };
}

/** The payment page of the newest attempt that can be paid, or the reason why there is none. */
export function presentPaymentPage(order: OrderState): PaymentPageView {
  const open =
    order.status === 'awaiting_payment' && order.attempts.every(({ status }) => status !== 'verifying')
      ? order.attempts.findLast(({ status }) => status === 'open')
      : undefined;
  const shown = open ?? order.attempts.at(-1);
  return {
    attemptId: shown?.id ?? null,
    gateway: shown?.gateway ?? null,
    redirect: open?.redirectUrl ?? null,
    payableUntil: open ? new Date(open.payableUntil).toISOString() : null,
    reason: open ? null : reasonWithoutPage(order, shown),
  };
}

function reasonWithoutPage(order: OrderState, newest: AttemptState | undefined): NoPageReason {
  if (order.status !== 'awaiting_payment') return 'not_payable';
  if (order.attempts.some(({ status }) => status === 'verifying')) return 'payment_pending';
  return newest?.status === 'requesting' ? 'payment_pending' : 'gateway_unavailable';
}

export function presentCheckout(order: OrderState, orderToken: string): CheckoutView {
  return { order: presentOrder(order), payment: presentPaymentPage(order), orderToken };
}

/** @param inFull whether the caller may see all of the recipient */
export function presentOrderDetail(
  { order, lines, recipient }: OrderWithLines,
  inFull: boolean,
): OrderDetailView {
  return {
    isPartial: false,
    order: presentOrder(order),
    lines: lines.map(({ sku, title, quantity, unitPrice }) => ({
      sku,
      title,
      quantity,
      unitPrice: money(unitPrice, order.currency),
    })),
    payment: presentPaymentPage(order),
    recipient: inFull ? recipient : null,
    recipientInPart: recipient && presentRecipientInPart(recipient),
    receipt: presentReceipt(order),
  };
}

/** What the token of a customer's order shows by itself. */
export function presentOrderInPart(order: OrderState): OrderDetailView {
  const payment = {
    attemptId: null,
    gateway: null,
    redirect: null,
    payableUntil: null,
    reason: 'sign_in_needed',
  } as const;
  return {
    isPartial: true,
    order: presentOrder(order),
    lines: [],
    payment,
    recipient: null,
    recipientInPart: null,
    receipt: null,
  };
}

function presentRecipientInPart({ name, phone, city }: Recipient): RecipientInPartView {
  return { initial: [...name][0]!, phoneEnding: phone.slice(-4), city };
}

function presentReceipt({ attempts, paidAt, currency }: OrderState): ReceiptView | null {
  const settled = attempts.find(({ status }) => status === 'settled');
  if (!settled || paidAt === null) return null;
  return {
    gateway: settled.gateway,
    number: settled.refId,
    amount: money(settled.amount, currency),
    paidAt: new Date(paidAt).toISOString(),
  };
}
