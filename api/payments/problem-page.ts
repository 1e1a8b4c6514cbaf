import type { ErrorCode } from '../../entities/errors';
import type { Problem } from '../../entities/problem';
import { guard, type ApiContext, type Guard } from '../middleware/guard';
import { PAYMENT_PAGE_POLICY, paymentPage, type Passage } from './payment-page';

interface Words {
  readonly persian: Passage;
  readonly english: Passage;
}

const BACK_TO_SHOP = { persian: 'بازگشت به فروشگاه', english: 'Back to the shop' };

const WORDS: Readonly<Partial<Record<ErrorCode, Words>>> = {
  'payment.not_found': {
    persian: {
      title: 'این پرداخت را نمی‌شناسیم',
      sentences: [
        'نشانی این صفحه به هیچ پرداختی در این فروشگاه نمی‌رسد. به فروشگاه برگردید و وضعیت سفارش خود را ببینید.',
        'اگر مبلغی از حساب شما کم شده باشد، بانک آن را خودکار و حداکثر تا ۷۲ ساعت برمی‌گرداند.',
      ],
    },
    english: {
      title: 'We do not know this payment',
      sentences: [
        'This address belongs to no payment of this shop. Go back to the shop and look at your order.',
        'If money left your account, your bank gives it back by itself within 72 hours.',
      ],
    },
  },
  'payment.result_invalid': {
    persian: {
      title: 'این پیوند دیگر معتبر نیست',
      sentences: [
        'پیوند نتیجهٔ پرداخت مدت کوتاهی کار می‌کند. نتیجه از میان نرفته است: به فروشگاه برگردید و سفارش خود را ببینید.',
      ],
    },
    english: {
      title: 'This link is no longer valid',
      sentences: [
        'The link to the result of a payment works for a short time. The result is not lost: go back to the shop and look at your order.',
      ],
    },
  },
  'request.too_many': {
    persian: {
      title: 'کمی صبر کنید',
      sentences: ['درخواست‌های زیادی رسیده است. پرداخت شما از میان نمی‌رود؛ این صفحه را کمی بعد تازه کنید.'],
    },
    english: {
      title: 'Please wait a moment',
      sentences: ['There were too many requests. Your payment is not lost. Reload this page a little later.'],
    },
  },
};

const SHOP_IS_AWAY: Words = {
  persian: {
    title: 'فروشگاه در دسترس نیست',
    sentences: ['پرداخت شما از میان نمی‌رود. این صفحه را تا چند لحظهٔ دیگر تازه کنید.'],
  },
  english: {
    title: 'The shop cannot be reached right now',
    sentences: ['Your payment is not lost. Reload this page in a moment.'],
  },
};
const REFUSED: Words = {
  persian: {
    title: 'این درخواست انجام نشد',
    sentences: ['به فروشگاه برگردید و وضعیت سفارش خود را ببینید.'],
  },
  english: {
    title: 'This request was not accepted',
    sentences: ['Go back to the shop and look at your order.'],
  },
};

/** Far more than a browser sends. Koa's parser takes time that grows with the square of the length. */
const LONGEST_ACCEPT = 1_000;

/** Whether the caller is a browser that shows a page, and not a program that reads JSON. */
export function prefersPage(ctx: ApiContext): boolean {
  return ctx.get('Accept').length <= LONGEST_ACCEPT && ctx.accepts('json', 'html') !== 'json';
}

/**
 * Lets every refusal of the route be a page for a caller who prefers one.
 *
 * @param shop the address of the storefront, if there is one
 */
export function refusesWithPage(shop: string | undefined): Guard {
  const documentation = { refusalPage: 'The refusal as a Persian and English page.' };
  return guard(documentation, (ctx) => {
    if (!prefersPage(ctx)) return;
    Object.assign(ctx.state, {
      refusalPage: (problem: Problem) => {
        ctx.set('Content-Security-Policy', PAYMENT_PAGE_POLICY);
        return problemPage(problem, { shop, mayReload: ctx.method === 'GET' });
      },
    });
  });
}

interface PageOptions {
  readonly shop: string | undefined;
  /** Whether loading the page again repeats the request. */
  readonly mayReload: boolean;
}

/** A refusal as a page: what happened, what to do next, and the id by which support finds the request. */
export function problemPage(
  { code, status, requestId, retryAfterSeconds }: Problem,
  { shop, mayReload }: PageOptions,
): string {
  const { persian, english } = WORDS[code] ?? (status >= 500 ? SHOP_IS_AWAY : REFUSED);
  const isTransient = status === 429 || status >= 500;
  return paymentPage({
    mood: isTransient ? 'calm' : 'bad',
    refreshSeconds: isTransient && mayReload ? secondsUntilReload(retryAfterSeconds) : undefined,
    persian: { ...persian, facts: [['شناسهٔ پیگیری', requestId]], link: BACK_TO_SHOP.persian },
    english: { ...english, facts: [['Reference for support', requestId]], link: BACK_TO_SHOP.english },
    linkTo: shop,
  });
}

function secondsUntilReload(retryAfterSeconds: unknown): number {
  return typeof retryAfterSeconds === 'number' ? Math.max(1, Math.ceil(retryAfterSeconds)) : 5;
}
