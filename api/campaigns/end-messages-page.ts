import { createHash } from 'node:crypto';

import { html, type Html } from '../html';

const STYLE = `body{margin:0;font-family:Vazirmatn,'Noto Sans Arabic',Tahoma,'DejaVu Sans',sans-serif;background:#f4f5f7;color:#1c2430;display:grid;place-items:center;min-height:100vh}
main{background:#fff;border-radius:1rem;padding:2rem;max-width:26rem;width:calc(100% - 6rem);text-align:center}
section+section{border-top:1px solid #d8dce3;margin-top:1.5rem;padding-top:1rem}h1{font-size:1.3rem}p{line-height:1.9}
button{padding:.7rem 1.4rem;border:0;border-radius:.6rem;background:#1f5f9d;color:#fff;font:inherit;cursor:pointer}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The page may load its own style, send its own form, and nothing else. */
export const END_MESSAGES_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'`;

interface Words {
  readonly title: string;
  readonly sentence: string;
  readonly button?: string;
}

const ASKS: readonly [Words, Words] = [
  {
    title: 'لغو پیامک‌های تبلیغاتی',
    sentence: 'با این دکمه دیگر پیامک تبلیغاتی از ما نمی‌گیرید. پیامک‌های سفارش‌ها همچنان می‌رسند.',
    button: 'لغو',
  },
  {
    title: 'Stop messages about offers',
    sentence: 'This button ends our messages about offers. Messages about your orders still come.',
    button: 'Stop',
  },
];

const ENDED: readonly [Words, Words] = [
  {
    title: 'لغو شد',
    sentence: 'دیگر پیامک تبلیغاتی از ما نمی‌گیرید. اگر پشیمان شدید، در پروفایل خود دوباره فعالش کنید.',
  },
  { title: 'Done', sentence: 'We send you no more offers. You can allow them again in your profile.' },
];

/** What a link in a message of a campaign shows, in Persian and English. Only its button ends something: scanners open links. */
export function endMessagesPage({ isWilling }: { readonly isWilling: boolean }): string {
  const [persian, english] = isWilling ? ASKS : ENDED;
  const body = html`<main>
    <section>${passage(persian)}</section>
    <section lang="en" dir="ltr">${passage(english)}</section>
  </main>`;
  return `<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${html`${persian.title}`.markup}</title><style>${STYLE}</style></head>
<body>${body.markup}</body></html>`;
}

function passage({ title, sentence, button }: Words): Html {
  return html`<h1>${title}</h1>
    <p>${sentence}</p>
    ${button === undefined ? undefined : html`<form method="post"><button>${button}</button></form>`}`;
}
