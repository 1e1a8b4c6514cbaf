import type { Deed } from '../deeds';
import { maskCard } from '../mask';
import type { Session } from '../session';
import { escaped, page, persianNumber, tehranTime } from './html';

const RIALS_PER_TOMAN = 10;

/** The form of a payable session. */
export function payPage(session: Session, now: number): string {
  const minutes = Math.max(1, Math.ceil((session.expiresAt - now) / 60_000));
  return page(
    'پرداخت زرین‌پال (آزمایشی)',
    `<section class="card">
<h1>پرداخت به ${shopName(session)}</h1>
<p class="amount">${persianNumber(session.amountRial)} ریال</p>
<p class="soft">${persianNumber(session.amountRial / RIALS_PER_TOMAN)} تومان</p>
<dl>
<dt>بابت</dt><dd dir="auto">${escaped(session.description)}</dd>
${detail('شماره سفارش', session.orderId)}${detail('موبایل', session.mobile)}
<dt>شناسه</dt><dd><span class="code">${escaped(session.authority)}</span></dd>
<dt>مهلت</dt><dd>${persianNumber(minutes)} دقیقه، تا ${tehranTime(session.expiresAt)}</dd>
</dl>
${session.onlyCard ? `<p class="soft">فقط با کارت <span class="code">${maskCard(session.onlyCard)}</span></p>` : ''}
</section>
<form method="post" class="card">
${button('pay', 'پرداخت', 'go')}
${button('refuse', 'انصراف', 'stop')}
</form>
<form method="post" class="card">
<h2>آزمون حالت‌های دیگر</h2>
${button('pay-and-close-tab', 'پرداخت و بستن برگه (بی‌بازگشت)')}
${button('pay-twice', 'پرداخت و دو بار بازگشت هم‌زمان')}
${button('pay-late', 'پرداخت دیرهنگام (پس از پایان مهلت)')}
${button('wrong-card', 'کارت نادرست')}
</form>`,
  );
}

/** A button that does something; the pay page posts to its own address. */
export function button(deed: Deed | 'pay-late', label: string, style = ''): string {
  return `<button name="deed" value="${deed}"${style ? ` class="${style}"` : ''}>${label}</button>`;
}

function shopName({ callbackUrl }: Session): string {
  const name = URL.canParse(callbackUrl) ? new URL(callbackUrl).host : 'فروشگاه';
  return `<bdi>${escaped(name)}</bdi>`;
}

function detail(label: string, value: string | null): string {
  return value === null ? '' : `<dt>${label}</dt><dd><bdi>${escaped(value)}</bdi></dd>\n`;
}
