import { createHash } from 'node:crypto';

import { html, type Html } from '../html';

/** What a page says in one language. */
export interface Passage {
  readonly title: string;
  /** What is so, and what to do next. */
  readonly sentences: readonly string[];
  /** Names and values, such as the number of the order. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** The words on the button that opens another payment page. */
  readonly payAgain?: string;
  /** The words of the link. */
  readonly link?: string;
}

/** A page for a buyer, in Persian and English below each other, because a bank's page tells nothing about the buyer's language. */
export interface PaymentPage {
  readonly mood: 'good' | 'calm' | 'bad';
  readonly persian: Passage;
  readonly english: Passage;
  /** When the page loads itself again. */
  readonly refreshSeconds?: number;
  /** Where the button sends its form. */
  readonly payAgainAt?: string;
  /** Where the link leads. */
  readonly linkTo?: string;
}

const STYLE = `body{margin:0;font-family:Vazirmatn,'Noto Sans Arabic','Noto Naskh Arabic',Tahoma,'DejaVu Sans',sans-serif;background:#f4f5f7;color:#1c2430;display:grid;place-items:center;min-height:100vh}
main{background:#fff;border-radius:1rem;padding:2rem;max-width:26rem;width:calc(100% - 6rem);text-align:center;border-top:.4rem solid #8a94a6}
main.good{border-color:#1f9d61}main.bad{border-color:#d64545}section+section{border-top:1px solid #d8dce3;margin-top:1.5rem;padding-top:1rem}
h1{font-size:1.3rem}p{line-height:1.9}dl{display:grid;grid-template-columns:auto auto;gap:.5rem 1rem;text-align:start}dd{margin:0;font-weight:bold;overflow-wrap:anywhere}
button,a{display:inline-block;margin-top:.5rem;padding:.7rem 1.4rem;border:0;border-radius:.6rem;background:#1f5f9d;color:#fff;font:inherit;text-decoration:none;cursor:pointer}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A page may load its own style and nothing else. */
export const PAYMENT_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`;

export function paymentPage(page: PaymentPage): string {
  const { mood, persian, english, refreshSeconds } = page;
  const refresh = refreshSeconds
    ? html`<meta http-equiv="refresh" content="${refreshSeconds}" />`
    : undefined;
  const body = html`<main class="${mood}">
    <section>${passage(persian, page)}</section>
    <section lang="en" dir="ltr">${passage(english, page)}</section>
  </main>`;
  return `<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8">${refresh?.markup ?? ''}
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${html`${persian.title}`.markup}</title><style>${STYLE}</style></head>
<body>${body.markup}</body></html>`;
}

function passage({ title, sentences, facts = [], payAgain, link }: Passage, page: PaymentPage): Html {
  return html`<h1>${title}</h1>
    ${
      facts.length > 0
        ? html`<dl>
            ${facts.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd><bdi>${value}</bdi></dd>`,
            )}
          </dl>`
        : undefined
    }
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
    ${payAgain && page.payAgainAt ? html`<form method="post" action="${page.payAgainAt}"><button>${payAgain}</button></form>` : undefined}
    ${link && page.linkTo ? html`<a href="${page.linkTo}">${link}</a>` : undefined}`;
}
