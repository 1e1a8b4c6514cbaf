import type { OrderStatus } from '../../entities/orders/order-status';
import { paymentPage, type PaymentPage } from './payment-page';
import type { PaymentResultView, ResultStatus } from './payment-result';

interface Words {
  readonly title: string;
  readonly sentences: readonly string[];
}

interface Texts {
  readonly mood: PaymentPage['mood'];
  readonly persian: Words;
  readonly english: Words;
}

const BANK_RETURNS = {
  persian: 'اگر مبلغی از حساب شما کم شده باشد، بانک آن را خودکار و حداکثر تا ۷۲ ساعت برمی‌گرداند.',
  english: 'If money left your account, your bank gives it back by itself within 72 hours.',
};

const TEXTS: Readonly<Record<Exclude<ResultStatus, 'unpaid'>, Texts>> = {
  paid: {
    mood: 'good',
    persian: {
      title: 'پرداخت انجام شد',
      sentences: ['سفارش شما ثبت شد. سپاس از خرید شما.', 'شمارهٔ سفارش و رسید را نگه دارید.'],
    },
    english: {
      title: 'Your payment was received',
      sentences: ['Your order is placed. Thank you.', 'Keep the numbers of the order and the receipt.'],
    },
  },
  pending: {
    mood: 'calm',
    persian: {
      title: 'در حال بررسی پرداخت',
      sentences: ['نتیجه تا چند لحظهٔ دیگر روشن می‌شود؛ این صفحه خودش تازه می‌شود. دوباره پرداخت نکنید.'],
    },
    english: {
      title: 'Your payment is being checked',
      sentences: ['The result will be clear in a moment. This page reloads by itself. Do not pay again.'],
    },
  },
  refused: {
    mood: 'bad',
    persian: { title: 'این پرداخت پذیرفته نشد', sentences: [BANK_RETURNS.persian] },
    english: { title: 'This payment was not accepted', sentences: [BANK_RETURNS.english] },
  },
  owed: {
    mood: 'calm',
    persian: {
      title: 'مبلغ برگردانده می‌شود',
      sentences: ['این پرداخت اضافه بود و به حساب شما برمی‌گردد. لازم نیست کاری بکنید.'],
    },
    english: {
      title: 'Your money will be given back',
      sentences: ['This payment was not needed and goes back to your account. You need not do anything.'],
    },
  },
  refunded: {
    mood: 'calm',
    persian: { title: 'مبلغ برگردانده شد', sentences: ['این پرداخت اضافه بود و به حساب شما برگشت.'] },
    english: {
      title: 'Your money was given back',
      sentences: ['This payment was not needed and went back to your account.'],
    },
  },
};

/** Money may still arrive: the gateway can be later than the buyer. */
const NOT_YET_PAID: Texts = {
  mood: 'calm',
  persian: {
    title: 'هنوز پرداختی به ما نرسیده است',
    sentences: ['اگر پرداخت کرده‌اید، چند دقیقه صبر کنید؛ این صفحه خودش تازه می‌شود و نتیجه را نشان می‌دهد.'],
  },
  english: {
    title: 'No payment has reached us yet',
    sentences: [
      'If you have paid, wait a few minutes. This page reloads by itself and will show the result.',
    ],
  },
};

const NEVER_PAID: Texts = {
  mood: 'bad',
  persian: { title: 'پرداختی انجام نشد', sentences: [BANK_RETURNS.persian] },
  english: { title: 'No payment was made', sentences: [BANK_RETURNS.english] },
};

const MAY_PAY_AGAIN = {
  persian: 'اگر سفارش هنوز در انتظار پرداخت باشد، می‌توانید دوباره پرداخت کنید.',
  english: 'If the order still awaits payment, you can pay again.',
};
const ORDER_AGAIN = {
  persian: 'برای این سفارش دیگر نمی‌توان پرداخت کرد. به فروشگاه برگردید و دوباره سفارش دهید.',
  english: 'This order can no longer be paid. Go back to the shop and order again.',
};
const OTHER_PAYMENT_RUNS = {
  persian: 'پرداخت دیگری برای این سفارش در حال بررسی است. دوباره پرداخت نکنید.',
  english: 'Another payment of this order is being checked. Do not pay again.',
};
const PAID_OTHERWISE = {
  persian: 'این سفارش با پرداخت دیگری ثبت شده است. لازم نیست کاری بکنید.',
  english: 'This order was paid with another payment. You need not do anything.',
};

const PENDING_AGAIN_SECONDS = 4;
const LATE_MONEY_AGAIN_SECONDS = 15;

/** What the page says about the order beyond the result of its payment. */
export interface PaidOrder {
  readonly orderStatus: OrderStatus;
  /** Whether a payment of the order is being checked. */
  readonly isVerifying: boolean;
}

/**
 * The result of a payment, for shops without a page of their own. It reloads itself while the result may change.
 *
 * @param payAgainAt where the buyer's browser posts to for another payment page
 */
export function resultPage(result: PaymentResultView, order: PaidOrder, payAgainAt: string): string {
  const texts = textsOf(result);
  const next = nextStepOf(result, order);
  const passageOf = (language: 'persian' | 'english') => ({
    title: texts[language].title,
    sentences: [...texts[language].sentences, ...(next ? [next[language]] : [])],
  });
  return paymentPage({
    mood: texts.mood,
    refreshSeconds: refreshSecondsOf(result),
    persian: { ...passageOf('persian'), facts: persianFacts(result), payAgain: 'پرداخت دوباره' },
    english: { ...passageOf('english'), facts: englishFacts(result), payAgain: 'Pay again' },
    payAgainAt: result.canPayAgain ? payAgainAt : undefined,
  });
}

function textsOf({ status, isFinal }: PaymentResultView): Texts {
  if (status === 'unpaid') return isFinal ? NEVER_PAID : NOT_YET_PAID;
  return TEXTS[status];
}

function nextStepOf({ status, canPayAgain }: PaymentResultView, { orderStatus, isVerifying }: PaidOrder) {
  if (status !== 'unpaid' && status !== 'refused') return undefined;
  if (canPayAgain) return MAY_PAY_AGAIN;
  if (isVerifying) return OTHER_PAYMENT_RUNS;
  return orderStatus === 'placed' ? PAID_OTHERWISE : ORDER_AGAIN;
}

function refreshSecondsOf({ status, isFinal }: PaymentResultView): number | undefined {
  if (status === 'pending') return PENDING_AGAIN_SECONDS;
  return status === 'unpaid' && !isFinal ? LATE_MONEY_AGAIN_SECONDS : undefined;
}

const SHOP_TIME = { timeZone: 'Asia/Tehran', dateStyle: 'long', timeStyle: 'short' } as const;

function persianFacts({ orderNumber, receipt, amount, at }: PaymentResultView): [string, string][] {
  return [
    ['شمارهٔ سفارش', orderNumber.toLocaleString('fa-IR', { useGrouping: false })],
    ...(receipt === null ? [] : [['شمارهٔ رسید', receipt] as [string, string]]),
    ['مبلغ', `${amount.amount.toLocaleString('fa-IR')} ریال`],
    ['تاریخ', new Date(at).toLocaleString('fa-IR', SHOP_TIME)],
  ];
}

function englishFacts({ orderNumber, receipt, amount, at }: PaymentResultView): [string, string][] {
  return [
    ['Order number', String(orderNumber)],
    ...(receipt === null ? [] : [['Receipt number', receipt] as [string, string]]),
    ['Amount', `${amount.amount.toLocaleString('en-US')} rials`],
    ['Date', `${new Date(at).toLocaleString('en-GB', SHOP_TIME)} (Tehran)`],
  ];
}
