import { shownNumber, shownTime, type Language, type Wording } from '../../../kit/pages/language';
import { code, detail } from '../../../kit/pages/layout';
import { markup, type Markup } from '../../../kit/pages/markup';
import { maskCard } from '../mask';
import { RIALS_PER_TOMAN, type Session } from '../session';
import { deedButton, zarinpalPage } from './zarinpal-page';

const TITLE: Wording = { fa: 'پرداخت زرین‌پال (آزمایشی)', en: 'Zarinpal payment (test)' };

const SAID = {
  fa: {
    payTo: 'پرداخت به',
    shop: 'فروشگاه',
    rials: 'ریال',
    tomans: 'تومان',
    purpose: 'بابت',
    order: 'شماره سفارش',
    mobile: 'موبایل',
    id: 'شناسه',
    deadline: 'مهلت',
    minutesUntil: 'دقیقه، تا',
    onlyCard: 'فقط با کارت',
    pay: 'پرداخت',
    refuse: 'انصراف',
    others: 'آزمون حالت‌های دیگر',
    payAndClose: 'پرداخت و بستن برگه (بی‌بازگشت)',
    payTwice: 'پرداخت و دو بار بازگشت هم‌زمان',
    payLate: 'پرداخت دیرهنگام (پس از پایان مهلت)',
    wrongCard: 'کارت نادرست',
  },
  en: {
    payTo: 'Payment to',
    shop: 'the shop',
    rials: 'rials',
    tomans: 'tomans',
    purpose: 'For',
    order: 'Order',
    mobile: 'Mobile',
    id: 'Authority',
    deadline: 'Deadline',
    minutesUntil: 'minutes, until',
    onlyCard: 'Only with card',
    pay: 'Pay',
    refuse: 'Cancel',
    others: 'Test something else',
    payAndClose: 'Pay and close the tab (no callback)',
    payTwice: 'Pay and come back twice at once',
    payLate: 'Pay late (after the deadline)',
    wrongCard: 'Wrong card',
  },
} satisfies Record<Language, Record<string, string>>;

/** The form of a payable session. */
export function payPage(language: Language, session: Session, now: number): Markup {
  const said = SAID[language];
  const number = (value: number) => shownNumber(language, value);
  const minutes = Math.max(1, Math.ceil((session.expiresAt - now) / 60_000));
  const { callbackUrl, amountRial, orderId, mobile, onlyCard } = session;
  const shop = URL.canParse(callbackUrl) ? new URL(callbackUrl).host : said.shop;
  return zarinpalPage(
    language,
    TITLE,
    markup`<section class="card">
        <h1>${said.payTo} ${isolated(shop)}</h1>
        <p class="amount">${number(amountRial)} ${said.rials}</p>
        <p class="soft">${number(amountRial / RIALS_PER_TOMAN)} ${said.tomans}</p>
        <dl>
          <dt>${said.purpose}</dt>
          <dd dir="auto">${session.description}</dd>
          ${orderId === null ? null : detail(said.order, isolated(orderId))}
          ${mobile === null ? null : detail(said.mobile, isolated(mobile))}
          ${detail(said.id, code(session.authority))}
          ${detail(said.deadline, `${number(minutes)} ${said.minutesUntil} ${shownTime(language, session.expiresAt)}`)}
        </dl>
        ${onlyCard === null ? null : markup`<p class="soft">${said.onlyCard} ${code(maskCard(onlyCard))}</p>`}
      </section>
      <form method="post" class="card">
        ${deedButton('pay', said.pay, 'go')}
        ${deedButton('refuse', said.refuse, 'stop')}
      </form>
      <form method="post" class="card">
        <h2>${said.others}</h2>
        ${deedButton('pay-and-close-tab', said.payAndClose)}
        ${deedButton('pay-twice', said.payTwice)}
        ${deedButton('pay-late', said.payLate)}
        ${deedButton('wrong-card', said.wrongCard)}
      </form>`,
  );
}

/** A foreign text that does not turn the direction of what stands beside it. */
function isolated(text: string): Markup {
  return markup`<bdi>${text}</bdi>`;
}
