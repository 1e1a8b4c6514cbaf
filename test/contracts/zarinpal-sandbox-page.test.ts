import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { listenForCallbacks, type CallbackListener } from '../support/callback-listener';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import { zarinpalCaller, type ZarinpalCaller } from '../support/zarinpal-caller';

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;
let zarinpal: ZarinpalCaller;
let shop: CallbackListener;

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
  zarinpal = zarinpalCaller(sandbox.url);
  shop = await listenForCallbacks();
});
afterAll(async () => {
  await sandbox.stop();
  await shop.close();
});
beforeEach(async () => {
  await control.reset();
  shop.clear();
});

const open = (part = {}) => zarinpal.open({ callback_url: shop.url, ...part });
const pageOf = (authority: string) => `${sandbox.url}/pg/StartPay/${authority}`;

/** Presses a button of the page, as a browser that does not yet follow the redirect. */
function press(authority: string, deed: string): Promise<Response> {
  return fetch(pageOf(authority), {
    method: 'POST',
    body: new URLSearchParams({ deed }),
    redirect: 'manual',
  });
}

describe('the pay page', () => {
  it('is Persian, right to left, fit for a phone, and loads nothing from elsewhere', async () => {
    const response = await fetch(pageOf(await open()));
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('<html lang="fa" dir="rtl">');
    expect(html).toContain('width=device-width');
    expect(html).toContain('۱۵۰٬۰۰۰ ریال');
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const deed of ['pay', 'refuse', 'pay-and-close-tab', 'pay-twice', 'pay-late', 'wrong-card']) {
      expect(html).toContain(`name="deed" value="${deed}"`);
    }
  });

  it('shows what a shop wrote as text, never as a part of the page', async () => {
    const html = await (
      await fetch(pageOf(await open({ description: '<script>alert("x")</script>' })))
    ).text();
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  });

  it('remembers that it was opened', async () => {
    const authority = await open();
    await fetch(pageOf(authority));
    expect(await control.journal({ authority, kind: 'state' })).toMatchObject([
      { why: 'requested' },
      { why: 'pay page opened' },
    ]);
    expect(await control.journal({ authority, endpoint: 'startpay' })).toMatchObject([{ method: 'GET' }]);
  });

  it.each(['', '/', '/ZarinGate', '/ZarinGate/'])('answers with the suffix "%s"', async (suffix) => {
    expect((await fetch(pageOf(await open()) + suffix)).status).toBe(200);
  });

  it('is not found for an unknown authority', async () => {
    expect((await fetch(pageOf(`S${'1'.repeat(35)}`))).status).toBe(404);
  });

  it.each([
    ['pay', 'OK', 'PAID'],
    ['refuse', 'NOK', 'FAILED'],
    ['wrong-card', 'NOK', 'FAILED'],
  ])('sends the buyer who presses %s back with %s', async (deed, status, state) => {
    const authority = await open();
    const response = await press(authority, deed);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${shop.url}&Authority=${authority}&Status=${status}`);
    expect((await control.session(authority)).state).toBe(state);
    expect((await fetch(pageOf(authority))).status).toBe(400);
  });

  it('keeps the buyer who closes the tab', async () => {
    const authority = await open();
    const response = await press(authority, 'pay-and-close-tab');
    expect(response.status).toBe(200);
    expect((await control.session(authority)).state).toBe('PAID');
    expect(shop.visits).toEqual([]);
  });

  it('loads the callback once itself while the buyer who pays twice loads it too', async () => {
    const authority = await open();
    const location = (await press(authority, 'pay-twice')).headers.get('location')!;
    await fetch(location);
    await expect.poll(() => shop.visits.length).toBe(2);
  });

  it('sends a second press of the button where the first one went', async () => {
    const authority = await open();
    const [first, second] = [await press(authority, 'pay'), await press(authority, 'pay')];
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
  });

  it('lets a buyer pay after the window is over, then sends them back', async () => {
    const authority = await open();
    const waiting = await (await press(authority, 'pay-late')).text();
    expect(waiting).toContain('http-equiv="refresh"');
    await control.clock.advance(31 * 60_000);
    const response = await fetch(`${pageOf(authority)}?waited=1`, { redirect: 'manual' });
    expect(response.headers.get('location')).toMatch(/Status=OK$/);
    expect((await control.session(authority)).state).toBe('PAID');
  });

  it('takes a late payment from the error page of an expired session', async () => {
    const authority = await open();
    await control.clock.advance(31 * 60_000);
    expect((await fetch(pageOf(authority))).status).toBe(400);
    expect((await press(authority, 'pay')).status).toBe(400);
    expect((await press(authority, 'pay-late')).headers.get('location')).toMatch(/Status=OK$/);
  });

  it('leads nowhere when the callback has no scheme, as with Zarinpal', async () => {
    const authority = await open({ callback_url: 'shop.example.ir/callback' });
    const location = (await press(authority, 'pay')).headers.get('location')!;
    expect((await fetch(new URL(location, pageOf(authority)))).status).toBe(404);
  });

  it('carries a callback in Persian letters in a header', async () => {
    const authority = await open({ callback_url: 'https://shop.example.ir/بازگشت?نام=ا ب' });
    const location = (await press(authority, 'pay')).headers.get('location')!;
    expect(new URL(location).pathname).toBe(encodeURI('/بازگشت'));
    expect(new URL(location).searchParams.get('نام')).toBe('ا ب');
  });

  it('asks buyers who come from elsewhere to confirm, where that is switched on', async () => {
    await control.switches.change({ refererCheck: true });
    const authority = await open();
    const visit = async (referer?: string) =>
      (await fetch(pageOf(authority), referer ? { headers: { Referer: referer } } : {})).text();
    expect(await visit()).toContain('?confirmed=1');
    expect(await visit('https://elsewhere.example/')).toContain('?confirmed=1');
    expect(await visit(shop.url)).toContain('value="pay"');
    expect(await (await fetch(`${pageOf(authority)}?confirmed=1`)).text()).toContain('value="pay"');
  });

  it('can be away', async () => {
    const authority = await open();
    await control.fault({ kind: 'html', endpoint: 'startpay', authority });
    expect((await fetch(pageOf(authority))).status).toBe(502);
    expect((await fetch(pageOf(authority))).status).toBe(200);
  });

  it('says so when a rule keeps the callback back', async () => {
    await control.callbackRule({ suppress: true });
    const response = await press(await open(), 'pay');
    expect(response.status).toBe(200);
    expect(response.headers.get('location')).toBeNull();
  });
});

describe('the index page', () => {
  it('lists sessions with their state and a way to their pay page', async () => {
    const authority = await open({ description: 'سفارش ۴۲' });
    const html = await (await fetch(sandbox.url)).text();
    expect(html).toContain('سفارش ۴۲');
    expect(html).toContain('در انتظار پرداخت');
    expect(html).toContain(`href="/pg/StartPay/${authority}"`);
  });

  it('moves the clock, but only for itself', async () => {
    const move = (origin: string) =>
      fetch(`${sandbox.url}/_sandbox/page/clock`, {
        method: 'POST',
        body: new URLSearchParams({ minutes: '31' }),
        headers: { Origin: origin },
        redirect: 'manual',
      });
    expect((await move('https://elsewhere.example')).status).toBe(403);
    expect((await control.clock.read()).offsetMs).toBe(0);
    expect((await move(sandbox.url)).status).toBe(303);
    expect((await control.clock.read()).offsetMs).toBe(31 * 60_000);
  });
});
