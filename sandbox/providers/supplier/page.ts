import { shownNumber, shownTime, type Language, type Wording } from '../../kit/pages/language';
import { button, code } from '../../kit/pages/layout';
import { markup, type Markup } from '../../kit/pages/markup';
import { REPLIES, type SandboxSupplier, type SupplierOrder } from './supplier';

const SAID = {
  orders: { fa: 'سفارش‌ها', en: 'Orders' },
  none: { fa: 'هنوز سفارشی نیست.', en: 'There is no order yet.' },
  order: { fa: 'سفارش', en: 'Order' },
  to: { fa: 'تحویل به', en: 'Deliver to' },
  secret: { fa: 'رمز مشترک با فروشگاه', en: 'The secret that the shop has shown' },
  keep: { fa: 'ثبت', en: 'Keep' },
  known: { fa: 'ثبت شده است', en: 'known' },
  unknown: { fa: 'ثبت نشده: امضاها بررسی نمی‌شوند', en: 'not known: signatures are not checked' },
} satisfies Record<string, Wording>;

const STATES: Readonly<Record<SupplierOrder['state'], Wording>> = {
  new: { fa: 'تازه', en: 'new' },
  accepted: { fa: 'پذیرفته', en: 'accepted' },
  partly_accepted: { fa: 'بخشی پذیرفته', en: 'partly accepted' },
  refused: { fa: 'رد شده', en: 'refused' },
  dispatched: { fa: 'فرستاده', en: 'dispatched' },
  cancelled: { fa: 'لغو شده', en: 'cancelled' },
};

const BUTTONS: Readonly<Record<(typeof REPLIES)[number], Wording>> = {
  accepted: { fa: 'پذیرفتن', en: 'Accept' },
  partly_accepted: { fa: 'پذیرفتن نیمی', en: 'Accept half' },
  refused: { fa: 'رد کردن', en: 'Refuse' },
  dispatched: { fa: 'فرستادن، دو روز دیگر', en: 'Dispatch, two days' },
};

const MOST_SHOWN = 50;

/** What a person who works for the supplier sees: the secret, and each order with the replies to it. */
export function supplierPage(language: Language, supplier: SandboxSupplier): Markup {
  const orders = supplier.orders.all();
  const shown = orders.slice(0, MOST_SHOWN).map((order) => card(language, order));
  const isKnown = supplier.secret() !== '';
  return markup`<section class="card">
      <h1>${SAID.orders[language]} <span class="badge">${shownNumber(language, orders.length)}</span></h1>
      <form method="post" action="/page/secret">
        <label>${SAID.secret[language]} <span class="badge">${SAID[isKnown ? 'known' : 'unknown'][language]}</span>
          <input name="secret" type="password" dir="ltr" autocomplete="off">
        </label>
        ${button('keep', '1', SAID.keep[language])}
      </form>
      ${orders.length === 0 ? markup`<p class="soft">${SAID.none[language]}</p>` : null}
    </section>
    ${shown}`;
}

function card(language: Language, { orderId, number, lines, deliverTo, state, at }: SupplierOrder): Markup {
  const replies = REPLIES.map((reply) =>
    button('reply', reply, BUTTONS[reply][language], reply === 'refused' ? 'stop' : 'go'),
  );
  return markup`<article class="card">
      <h1>${SAID.order[language]} ${shownNumber(language, number)} <span class="badge">${STATES[state][language]}</span></h1>
      <p class="soft">${shownTime(language, at)} · ${SAID.to[language]} ${deliverTo}</p>
      <ul class="rows">${lines.map(({ sku, quantity }) => markup`<li>${code(sku)} × ${shownNumber(language, quantity)}</li>`)}</ul>
      <form class="row" method="post" action="/page/reply">
        <input type="hidden" name="orderId" value="${orderId}">
        ${replies}
      </form>
    </article>`;
}
