import { createHash } from 'node:crypto';

import type { PaymentResultView, ResultStatus } from './payment-result';

const TEXTS: Readonly<Record<ResultStatus, { title: string; sentence: string; mood: string }>> = {
  paid: { title: 'پرداخت انجام شد', sentence: 'سفارش شما ثبت شد. سپاس از خرید شما.', mood: 'good' },
  pending: {
    title: 'در حال بررسی پرداخت',
    sentence: 'نتیجه تا چند لحظهٔ دیگر روشن می‌شود؛ این صفحه خودش تازه می‌شود.',
    mood: 'calm',
  },
  unpaid: {
    title: 'پرداختی انجام نشد',
    sentence: 'اگر سفارش هنوز در انتظار پرداخت باشد، می‌توانید دوباره پرداخت کنید.',
    mood: 'bad',
  },
  refused: {
    title: 'این پرداخت پذیرفته نشد',
    sentence: 'اگر مبلغی از حساب شما کم شده باشد، بانک آن را خودکار برمی‌گرداند.',
    mood: 'bad',
  },
  owed: {
    title: 'مبلغ برگردانده می‌شود',
    sentence: 'این پرداخت اضافه بود و به حساب شما برمی‌گردد.',
    mood: 'calm',
  },
  refunded: {
    title: 'مبلغ برگردانده شد',
    sentence: 'این پرداخت اضافه بود و به حساب شما برگشت.',
    mood: 'calm',
  },
};

const STYLE = `body{margin:0;font-family:Vazirmatn,'Noto Sans Arabic','Noto Naskh Arabic',Tahoma,'DejaVu Sans',sans-serif;background:#f4f5f7;color:#1c2430;display:grid;place-items:center;min-height:100vh}
main{background:#fff;border-radius:1rem;padding:2rem;max-width:24rem;width:calc(100% - 6rem);text-align:center;border-top:.4rem solid #8a94a6}
main.good{border-color:#1f9d61}main.bad{border-color:#d64545}h1{font-size:1.3rem}b{font-size:1.5rem}p{line-height:2}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The page may load its own style and nothing else. */
export const RESULT_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`;
const AGAIN_SECONDS = 4;

/** The result of a payment as a Persian page, for shops without a page of their own. It reloads while it is pending. */
export function resultPage({ status, amount }: PaymentResultView): string {
  const { title, sentence, mood } = TEXTS[status];
  const refresh = status === 'pending' ? `<meta http-equiv="refresh" content="${AGAIN_SECONDS}">` : '';
  return `<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8">${refresh}
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title><style>${STYLE}</style></head>
<body><main class="${mood}"><h1>${title}</h1><b>${amount.amount.toLocaleString('fa-IR')} ریال</b><p>${sentence}</p></main></body></html>`;
}
