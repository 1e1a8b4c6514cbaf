import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { listenForCallbacks, type CallbackListener } from '../support/callback-listener';
import { PATIENCE } from '../support/patience';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import { MERCHANT, OTHER_MERCHANT, zarinpalCaller, type ZarinpalCaller } from '../support/zarinpal-caller';

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;
let zarinpal: ZarinpalCaller;
let shop: CallbackListener;

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
  zarinpal = zarinpalCaller(sandbox.url);
  shop = await listenForCallbacks(30);
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

/** The automatic buyer, who acts 20 ms after the request by default. */
function switchOn(part: Record<string, unknown>): Promise<unknown> {
  return control.switches.change({ autoPay: 'on-request', autoPayAfterMs: 20, ...part });
}

describe('the callback', () => {
  it('adds Authority and Status to the query that is already there', async () => {
    const authority = await open();
    const { callbackUrl, deliveries } = await control.pay(authority, { follow: true });
    expect(callbackUrl).toBe(`${shop.url}&Authority=${authority}&Status=OK`);
    expect(shop.visits).toEqual([`/callback?shop=1&Authority=${authority}&Status=OK`]);
    expect(deliveries).toMatchObject([{ answered: 200, status: 'OK', error: null }]);
  });

  it('is left to the caller unless the sandbox is asked to follow it', async () => {
    const { callbackUrl } = await control.pay(await open());
    expect(callbackUrl).toMatch(/Status=OK$/);
    expect(shop.visits).toEqual([]);
  });

  it('says NOK after refusal and after a wrong card alike', async () => {
    const [refused, wrong] = [await open(), await open()];
    await control.refuse(refused, { follow: true });
    await control.useWrongCard(wrong, { follow: true });
    expect(shop.visits.map((visit) => visit.slice(-3))).toEqual(['NOK', 'NOK']);
    expect((await control.session(wrong)).failure).toBe('wrong-card');
  });

  it('never comes when the buyer closes the tab, though the money is there', async () => {
    const authority = await open();
    const { callbackUrl, session } = await control.payAndCloseTab(authority);
    expect({ callbackUrl, state: session.state }).toEqual({ callbackUrl: null, state: 'PAID' });
    expect(shop.visits).toEqual([]);
  });

  it('comes twice at the same time when the buyer is impatient', async () => {
    shop.answerTogether(2);
    const { deliveries } = await control.payTwice(await open());
    expect(deliveries).toHaveLength(2);
    expect(shop.mostAtOnce).toBe(2);
    expect(new Set(shop.visits).size).toBe(1);
  });

  it('comes ten times in parallel when asked to', async () => {
    shop.answerTogether(6);
    const { deliveries } = await control.pay(await open(), { times: 10 });
    expect(deliveries).toHaveLength(10);
    expect(shop.mostAtOnce).toBeGreaterThan(5);
  });

  it.each([
    ['lower', 'authority=', 'status=OK'],
    ['upper', 'AUTHORITY=', 'STATUS=OK'],
  ] as const)('writes its names in %s case when asked to', async (parameterCase, authority, status) => {
    await control.pay(await open(), { follow: true, parameterCase });
    expect(shop.visits[0]).toContain(authority);
    expect(shop.visits[0]).toContain(status);
  });

  it('can be forged: OK without payment, NOK after it, and again and again', async () => {
    const authority = await open();
    await control.callback(authority, { status: 'OK', follow: true });
    expect((await control.session(authority)).state).toBe('ACTIVE');
    await control.pay(authority);
    await control.callback(authority, { status: 'NOK', follow: true });
    expect((await control.session(authority)).state).toBe('PAID');
    expect(shop.visits.map((visit) => visit.split('Status=')[1])).toEqual(['OK', 'NOK']);
  });

  it('reports that the shop was not there', async () => {
    const authority = await zarinpal.open({ callback_url: 'http://127.0.0.1:9/callback' });
    const { deliveries } = await control.pay(authority, { follow: true });
    expect(deliveries).toMatchObject([{ answered: null, error: expect.any(String) }]);
  });

  it('with a card that is the only one allowed fails with any other', async () => {
    const only = { metadata: { card_pan: '6219861000000001' } };
    const authority = await open(only);
    expect((await control.pay(authority, { cardPan: '9999991234569999' })).session.failure).toBe(
      'wrong-card',
    );
    expect((await control.pay(await open(only))).session).toMatchObject({ state: 'PAID' });
  });
});

describe('rules for callbacks', () => {
  it('suppress one', async () => {
    await control.callbackRule({ suppress: true });
    expect((await control.pay(await open(), { follow: true })).deliveries).toEqual([]);
    await control.pay(await open(), { follow: true });
    expect(shop.visits).toHaveLength(1);
  });

  it('delay one', async () => {
    await control.callbackRule({ delayMs: 150 });
    const began = performance.now();
    await control.pay(await open(), { follow: true });
    expect(performance.now() - began).toBeGreaterThan(140);
  });

  it('duplicate one in parallel, and lie about the outcome', async () => {
    await control.callbackRule({ copies: 3, status: 'NOK', parameterCase: 'lower' });
    const authority = await open();
    await control.pay(authority, { follow: true });
    const lie = `/callback?shop=1&authority=${authority}&status=NOK`;
    expect(shop.visits).toEqual([lie, lie, lie]);
    expect((await control.session(authority)).state).toBe('PAID');
  });

  it('reorder: the first two come, newest first, when the second is there', async () => {
    await control.callbackRule({ reorder: 2, times: 2 });
    const [first, second] = [await open(), await open()];
    await control.pay(first, { follow: true });
    expect(shop.visits).toEqual([]);
    await control.pay(second, { follow: true });
    expect(shop.visits.map((visit) => visit.includes(first))).toEqual([false, true]);
    expect(shop.visits).toHaveLength(2);
  });

  it('hold until a release', async () => {
    await control.callbackRule({ hold: true, times: null });
    const authorities = [await open(), await open(), await open()];
    for (const authority of authorities) await control.pay(authority, { follow: true });
    expect(shop.visits).toEqual([]);
    const deliveries = await control.releaseCallbacks('reverse');
    expect(deliveries.map(({ authority }) => authority)).toEqual(authorities.toReversed());
    expect(shop.visits).toHaveLength(3);
    expect(await control.releaseCallbacks()).toEqual([]);
  });

  it('hit one session or one merchant only, until cleared', async () => {
    const [mine, other] = [await open(), await open()];
    await control.callbackRule({ authority: mine, suppress: true, times: null });
    await control.callbackRule({ merchantId: OTHER_MERCHANT, suppress: true, times: null });
    await control.pay(mine, { follow: true });
    await control.pay(other, { follow: true });
    expect(shop.visits).toHaveLength(1);
    await control.clearCallbackRules();
    await control.callback(mine, { status: 'OK', follow: true });
    expect(shop.visits).toHaveLength(2);
  });
});

describe('the automatic buyer', () => {
  it('pays by itself and comes back', async () => {
    await switchOn({});
    const authority = await open();
    await vi.waitFor(
      () => expect(shop.visits).toEqual([`/callback?shop=1&Authority=${authority}&Status=OK`]),
      PATIENCE,
    );
    expect((await control.session(authority)).state).toBe('PAID');
  });

  it('refuses by itself', async () => {
    await switchOn({ autoPayOutcome: 'refuse' });
    await open();
    await vi.waitFor(() => expect(shop.visits[0]).toMatch(/Status=NOK$/), PATIENCE);
  });

  it('pays and closes the tab by itself', async () => {
    await switchOn({ autoPayOutcome: 'pay-and-close-tab' });
    const authority = await open();
    await vi.waitFor(async () => expect((await control.session(authority)).state).toBe('PAID'), PATIENCE);
    expect(shop.visits).toEqual([]);
  });

  it('leaves a session alone that was refused meanwhile', async () => {
    await switchOn({ autoPayAfterMs: 2_000 });
    const authority = await open();
    await control.refuse(authority);
    const later = await open();
    await vi.waitFor(async () => expect((await control.session(later)).state).toBe('PAID'), PATIENCE);
    expect((await control.session(authority)).state).toBe('FAILED');
  });

  it('pays on the pay page, so that following redirects is enough', async () => {
    await control.switches.change({ autoPay: 'on-visit', autoPayAfterMs: 0 });
    const authority = await open();
    const response = await fetch(`${sandbox.url}/pg/StartPay/${authority}`);
    expect(await response.text()).toBe('thank you');
    expect((await control.session(authority)).state).toBe('PAID');
  });
});

describe('the journal', () => {
  it('holds callbacks, state changes and calls of the control API, in order', async () => {
    const authority = await open();
    await control.pay(authority, { follow: true });
    const kinds = (await control.journal()).map(({ kind }) => kind);
    expect(kinds.slice(-4)).toEqual(['request', 'state', 'callback', 'control']);
    const [callback] = await control.journal({ kind: 'callback', authority });
    expect(callback).toMatchObject({ status: 'OK', answered: 200 });
    expect(JSON.stringify(await control.journal())).not.toContain(MERCHANT);
  });

  it('never shows a merchant id, in whichever field it was written', async () => {
    await control.merchant(OTHER_MERCHANT, { standing: 'banned' });
    await control.fault({ kind: 'html', merchantId: OTHER_MERCHANT });
    await control.callbackRule({ merchantId: OTHER_MERCHANT, suppress: true });
    await zarinpal.call('inquiry', { merchant_id: OTHER_MERCHANT, authority: 'nobody' });
    const everything = JSON.stringify([await control.journal(), await control.sessions()]);
    expect(everything).toContain('********3444');
    const calls = await fetch(`${sandbox.url}/_sandbox/journal?kind=request&merchantId=${OTHER_MERCHANT}`);
    expect(await calls.json()).toMatchObject({ entries: [{ endpoint: 'inquiry' }] });
    expect(everything).not.toContain(OTHER_MERCHANT.slice(0, 8));
  });

  it('is read from where one left off, and emptied', async () => {
    await open();
    const [last] = (await control.journal()).slice(-1);
    await open();
    const news = await control.journal({ after: last!.seq, kind: 'request' });
    expect(news).toMatchObject([{ endpoint: 'request' }]);
    await control.clearJournal();
    expect(await control.journal({ kind: 'request' })).toEqual([]);
  });
});
