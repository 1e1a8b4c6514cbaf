import { shownTime, type Language } from '../../../kit/pages/language';
import { markup, type Markup } from '../../../kit/pages/markup';
import type { Session } from '../session';
import { deedButton, messagePage, zarinpalPage } from './zarinpal-page';

const MESSAGES = {
  noAddress: {
    title: { fa: 'صفحه پیدا نشد', en: 'Page not found' },
    text: { fa: 'چنین نشانی‌ای وجود ندارد.', en: 'There is no such address.' },
  },
  unknown: {
    title: { fa: 'تراکنش پیدا نشد', en: 'Payment not found' },
    text: { fa: 'شناسهٔ پرداخت معتبر نیست.', en: 'The authority is not valid.' },
  },
  badDeed: {
    title: { fa: 'درخواست نامعتبر', en: 'Invalid request' },
    text: { fa: 'این کار شناخته نشد.', en: 'The page has no such button.' },
  },
  closedTab: {
    title: { fa: 'پرداخت شد', en: 'Paid' },
    text: {
      fa: 'پول پرداخت شد و به فروشگاه برنمی‌گردید. این برگه را ببندید.',
      en: 'The money is paid, and you do not go back to the shop. Close this tab.',
    },
  },
  kept: {
    title: { fa: 'بازگشت متوقف شد', en: 'Callback stopped' },
    text: {
      fa: 'سندباکس بازگشت به فروشگاه را نگه داشته است.',
      en: 'A rule of the sandbox keeps the callback from the shop.',
    },
  },
  over: {
    title: { fa: 'این پرداخت بسته شده است', en: 'This payment is closed' },
    text: { fa: 'این تراکنش دیگر قابل پرداخت نیست.', en: 'It cannot be paid any more.' },
  },
} as const;

/** A page that says one thing. */
export function message(language: Language, name: keyof typeof MESSAGES): Markup {
  const { title, text } = MESSAGES[name];
  return messagePage(language, title, text);
}

/** The error page of a session whose time is over, with the one thing that a test may still want. */
export function expiredPage(language: Language, { expiresAt }: Session): Markup {
  const title = { fa: 'مهلت پرداخت تمام شده است', en: 'The deadline has passed' };
  const at = shownTime(language, expiresAt);
  const said = {
    fa: {
      until: `این تراکنش تا ${at} قابل پرداخت بود.`,
      test: 'آزمون',
      late: 'گاهی بانک پرداختی را که پیش از پایان مهلت آغاز شده، پس از آن ثبت می‌کند.',
      payLate: 'پرداخت دیرهنگام',
    },
    en: {
      until: `This payment was possible until ${at}.`,
      test: 'Test',
      late: 'Banks sometimes book a payment after the deadline that began before it.',
      payLate: 'Pay late',
    },
  }[language];
  return zarinpalPage(
    language,
    title,
    markup`<section class="card">
        <h1>${title[language]}</h1>
        <p>${said.until}</p>
      </section>
      <form method="post" class="card">
        <h2>${said.test}</h2>
        <p class="soft">${said.late}</p>
        ${deedButton('pay-late', said.payLate)}
      </form>`,
  );
}

/** The buyer pays late: the page reloads until the payable window is over and the money is there. */
export function waitingPage(language: Language, { paysLateAt, expiresAt }: Session, now: number): Markup {
  const title = { fa: 'در انتظار پایان مهلت', en: 'Waiting for the deadline' };
  const seconds = Math.max(1, Math.ceil(((paysLateAt ?? now) - now) / 1_000));
  const at = shownTime(language, expiresAt);
  const said = {
    fa: {
      booked: `پرداخت اندکی پس از ${at} ثبت می‌شود و سپس به فروشگاه برمی‌گردید.`,
      keepOpen: 'این برگه را باز بگذارید، یا ساعت سندباکس را از صفحهٔ نخست آن جلو ببرید.',
    },
    en: {
      booked: `The payment is booked shortly after ${at}. Then you go back to the shop.`,
      keepOpen: "Leave this tab open, or move the sandbox's clock on its first page.",
    },
  }[language];
  const body = markup`<section class="card">
    <h1>${title[language]}</h1>
    <p>${said.booked}</p>
    <p class="soft">${said.keepOpen}</p>
  </section>`;
  return zarinpalPage(language, title, body, `${Math.min(seconds, 5)}; url=?waited=1`);
}

/** The extra page for buyers who do not come from the shop's own domain. */
export function confirmationPage(language: Language, { callbackUrl }: Session): Markup {
  const title = { fa: 'تأیید نشانی فروشگاه', en: 'Confirm the shop' };
  const shop = markup`<bdi>${URL.canParse(callbackUrl) ? new URL(callbackUrl).host : callbackUrl}</bdi>`;
  const said = {
    fa: markup`شما از دامنهٔ ثبت‌شدهٔ این فروشگاه (${shop}) نیامده‌اید. اگر به آن اعتماد دارید ادامه دهید.`,
    en: markup`You did not come from the registered domain of this shop (${shop}). Continue if you trust it.`,
  }[language];
  const next = { fa: 'ادامهٔ پرداخت', en: 'Continue' }[language];
  const body = markup`<section class="card">
    <h1>${title[language]}</h1>
    <p>${said}</p>
    <a class="button" href="?confirmed=1">${next}</a>
  </section>`;
  return zarinpalPage(language, title, body);
}
