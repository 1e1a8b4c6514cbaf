import { CATEGORY_CHANNELS, type NotificationCategory } from './notification-categories';
import { texts, type Fact, type LocalisedText } from './notification-text';

/** The message by SMS of a kind: a row of `sms_templates`, and the fact of each of its variables. */
export interface SmsForm {
  readonly template: string;
  readonly variables: Readonly<Record<string, Fact>>;
}

interface KindSpec {
  readonly category: NotificationCategory;
  /** Of the rows by which its facts are found. */
  readonly data: readonly ('orderId' | 'ticketId' | 'purchaseOrderId' | 'variantId' | 'sessionId')[];
  readonly text: LocalisedText;
  /** Without one it is in-app only. */
  readonly sms?: SmsForm;
  /** Whether its message waits a little, and one that its person has not read stands until then for what follows on the ticket. */
  readonly standsForNext?: true;
}

const kinds = <const Kinds extends Readonly<Record<string, KindSpec>>>(spec: Kinds) => spec;

const ORDER_NUMBER = { number: 'order' } as const;
const TICKET_NUMBER = { number: 'ticket' } as const;
const PURCHASE_NUMBER = { number: 'purchase' } as const;
const ENDING = { ending: 'ending' } as const;

/** Everything that people are told of: its category, its text in each language, and its template of SMS. */
export const NOTIFICATION_KINDS = kinds({
  order_paid: {
    category: 'payment',
    data: ['orderId'],
    text: texts(['order'], { fa: 'سفارش {order} پرداخت شد', en: 'Order {order} is paid' }),
    sms: { template: 'order_paid', variables: ORDER_NUMBER },
  },
  refund_due: {
    category: 'payment',
    data: ['orderId'],
    text: texts(['order'], {
      fa: 'پرداخت دیگری برای سفارش {order} رسید و بازگردانده می‌شود',
      en: 'Another payment for order {order} has arrived and will be refunded',
    }),
    sms: { template: 'refund_due', variables: ORDER_NUMBER },
  },
  payment_refunded: {
    category: 'payment',
    data: ['orderId'],
    text: texts(['order'], {
      fa: 'مبلغ پرداختی سفارش {order} بازگردانده شد',
      en: 'A payment for order {order} was refunded',
    }),
    sms: { template: 'payment_refunded', variables: ORDER_NUMBER },
  },
  order_cancelled: {
    category: 'order',
    data: ['orderId'],
    text: texts(['order'], { fa: 'سفارش {order} لغو شد', en: 'Order {order} is cancelled' }),
    sms: { template: 'order_cancelled', variables: ORDER_NUMBER },
  },
  order_expired: {
    category: 'order',
    data: ['orderId'],
    text: texts(['order'], {
      fa: 'مهلت پرداخت سفارش {order} تمام شد',
      en: 'The time to pay for order {order} is over',
    }),
    sms: { template: 'order_expired', variables: ORDER_NUMBER },
  },
  ticket_answered: {
    category: 'support',
    data: ['ticketId'],
    text: texts(['ticket'], { fa: 'درخواست {ticket} پاسخ گرفت', en: 'Ticket {ticket} has an answer' }),
    sms: { template: 'ticket_answered', variables: TICKET_NUMBER },
    standsForNext: true,
  },
  ticket_resolved: {
    category: 'support',
    data: ['ticketId'],
    text: texts(['ticket'], { fa: 'درخواست {ticket} حل شد', en: 'Ticket {ticket} is resolved' }),
  },
  ticket_opened: {
    category: 'desk',
    data: ['ticketId'],
    text: texts(['ticket'], { fa: 'درخواست تازه: {ticket}', en: 'A new ticket: {ticket}' }),
  },
  ticket_replied: {
    category: 'desk',
    data: ['ticketId'],
    text: texts(['ticket'], {
      fa: 'مشتری در درخواست {ticket} پاسخ داد',
      en: 'The customer has answered on ticket {ticket}',
    }),
  },
  ticket_assigned: {
    category: 'desk',
    data: ['ticketId'],
    text: texts(['ticket'], { fa: 'درخواست {ticket} به شما سپرده شد', en: 'Ticket {ticket} is yours now' }),
  },
  ticket_warned: {
    category: 'desk',
    data: ['ticketId'],
    text: texts(['ticket'], {
      fa: 'مهلت پاسخ به درخواست {ticket} رو به پایان است',
      en: 'Ticket {ticket} is due soon',
    }),
  },
  ticket_escalated: {
    category: 'desk',
    data: ['ticketId'],
    text: texts(['ticket'], { fa: 'مهلت درخواست {ticket} گذشت', en: 'Ticket {ticket} is overdue' }),
    sms: { template: 'ticket_escalated', variables: TICKET_NUMBER },
  },
  approval_needed: {
    category: 'purchasing',
    data: ['purchaseOrderId'],
    text: texts(['purchase'], {
      fa: 'سفارش خرید {purchase} تأیید می‌خواهد',
      en: 'Purchase order {purchase} needs an approval',
    }),
    sms: { template: 'approval_needed', variables: PURCHASE_NUMBER },
  },
  purchase_stuck: {
    category: 'purchasing',
    data: ['purchaseOrderId'],
    text: texts(['purchase'], {
      fa: 'سفارش خرید {purchase} به رسیدگی نیاز دارد',
      en: 'Purchase order {purchase} needs a person',
    }),
  },
  stock_low: {
    category: 'stock',
    data: ['variantId'],
    text: texts(['sku', 'product'], {
      fa: 'موجودی {product} ({sku}) کم است',
      en: 'Stock of {product} ({sku}) is low',
    }),
  },
  stock_out: {
    category: 'stock',
    data: ['variantId'],
    text: texts(['sku', 'product'], {
      fa: 'موجودی {product} ({sku}) تمام شد',
      en: '{product} ({sku}) is out of stock',
    }),
  },
  stock_back: {
    category: 'stock',
    data: ['variantId'],
    text: texts(['product'], { fa: '{product} دوباره موجود شد', en: '{product} is back in stock' }),
  },
  signed_in: {
    category: 'security',
    data: ['sessionId'],
    text: texts(['device'], {
      fa: 'ورود تازه به حساب شما: {device}',
      en: 'A new sign-in to your account: {device}',
    }),
  },
  number_changed: {
    category: 'security',
    data: [],
    text: texts([], { fa: 'شمارهٔ حساب شما تغییر کرد', en: 'The number of your account was changed' }),
  },
  factor_replaced: {
    category: 'security',
    data: [],
    text: texts([], {
      fa: 'عامل دوم ورود شما تغییر کرد',
      en: 'The second factor of your account was replaced',
    }),
    sms: { template: 'factor_replaced', variables: ENDING },
  },
  recovery_code_used: {
    category: 'security',
    data: [],
    text: texts([], {
      fa: 'یک کد بازیابی حساب شما به کار رفت',
      en: 'A recovery code of your account was used',
    }),
    sms: { template: 'recovery_code_used', variables: ENDING },
  },
});

export type NotificationKind = keyof typeof NOTIFICATION_KINDS;

/** What its kind says of a notification. */
export const kindOf = (kind: NotificationKind): KindSpec => NOTIFICATION_KINDS[kind];

/** {@link kindOf} of what a row says. While a deploy is unfinished, a newer version of the code may have stored it. */
export const knownKind = (kind: string): KindSpec | undefined =>
  Object.hasOwn(NOTIFICATION_KINDS, kind) ? NOTIFICATION_KINDS[kind as NotificationKind] : undefined;

/** Templates of what nobody can switch off. Limits do not count them. */
export const FIXED_TEMPLATES: readonly string[] = Object.values<KindSpec>(NOTIFICATION_KINDS).flatMap(
  ({ category, sms }) => (sms && CATEGORY_CHANNELS[category].sms?.isFixed ? [sms.template] : []),
);

/** The template of the one message of a day, and its variable. */
export const DIGEST_SMS: SmsForm = { template: 'notification_digest', variables: { count: 'count' } };

/** The ids of the rows that a notification of a kind is about. */
export type NotificationData<Kind extends NotificationKind> = Readonly<
  Record<(typeof NOTIFICATION_KINDS)[Kind]['data'][number], string>
>;
