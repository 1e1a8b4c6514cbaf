import type { Session } from '../session';
import { escaped, page, tehranTime } from './html';
import { button } from './pay-page';

/** A page that only says something. */
export function messagePage(title: string, text: string): string {
  return page(title, `<section class="card"><h1>${escaped(title)}</h1><p>${escaped(text)}</p></section>`);
}

/** The error page of a session whose time is over, with the one thing that a test may still want. */
export function expiredPage(session: Session): string {
  return page(
    'مهلت پرداخت تمام شده است',
    `<section class="card"><h1>مهلت پرداخت تمام شده است</h1>
<p>این تراکنش تا ${tehranTime(session.expiresAt)} قابل پرداخت بود.</p></section>
<form method="post" class="card">
<h2>آزمون</h2>
<p class="soft">گاهی بانک پرداختی را که پیش از پایان مهلت آغاز شده، پس از آن ثبت می‌کند.</p>
${button('pay-late', 'پرداخت دیرهنگام')}
</form>`,
  );
}

/** The buyer dawdles: the page asks again until the payable window is over and the money is there. */
export function waitingPage(session: Session, now: number): string {
  const seconds = Math.max(1, Math.ceil(((session.paysLateAt ?? now) - now) / 1_000));
  return page(
    'در انتظار پایان مهلت',
    `<section class="card"><h1>در انتظار پایان مهلت</h1>
<p>پرداخت اندکی پس از ${tehranTime(session.expiresAt)} ثبت می‌شود و سپس به فروشگاه برمی‌گردید.</p>
<p class="soft">این برگه را باز بگذارید، یا ساعت سندباکس را از صفحهٔ نخست آن جلو ببرید.</p></section>`,
    { refresh: `${Math.min(seconds, 5)}; url=?waited=1` },
  );
}

/** What buyers meet who do not come from the shop's own domain. */
export function confirmationPage(session: Session): string {
  const shop = URL.canParse(session.callbackUrl) ? new URL(session.callbackUrl).host : session.callbackUrl;
  return page(
    'تأیید نشانی فروشگاه',
    `<section class="card"><h1>تأیید نشانی فروشگاه</h1>
<p>شما از دامنهٔ ثبت‌شدهٔ این فروشگاه (<bdi>${escaped(shop)}</bdi>) نیامده‌اید. اگر به آن اعتماد دارید ادامه دهید.</p>
<a class="button" href="?confirmed=1">ادامهٔ پرداخت</a></section>`,
  );
}
