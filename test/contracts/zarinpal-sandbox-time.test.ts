import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import { MERCHANT, zarinpalCaller, type ZarinpalCaller } from '../support/zarinpal-caller';

const MINUTE_MS = 60_000;

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;
let zarinpal: ZarinpalCaller;

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
  zarinpal = zarinpalCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await control.reset();
  await control.clock.freeze();
});

const statusOf = async (authority: string) => (await zarinpal.inquire(authority)).body.data.status;

describe('the payable window', () => {
  it('ends after 30 minutes: the session failed, cannot be paid and its page is an error', async () => {
    const authority = await zarinpal.open();
    await control.clock.advance(30 * MINUTE_MS - 1);
    expect(await statusOf(authority)).toBe('IN_BANK');

    await control.clock.advance(1);
    expect(await statusOf(authority)).toBe('FAILED');
    expect((await fetch(`${sandbox.url}/pg/StartPay/${authority}`)).status).toBe(400);
    await expect(control.pay(authority)).rejects.toThrow('409');
    expect((await control.session(authority)).failure).toBe('expired');
  });

  it('can be shortened', async () => {
    await control.switches.change({ payableMs: 1_000 });
    const authority = await zarinpal.open();
    await control.clock.advance(1_000);
    expect(await statusOf(authority)).toBe('FAILED');
  });

  it('is passed by a late payment, which the bank sometimes lets through', async () => {
    const authority = await zarinpal.open();
    await control.clock.advance(40 * MINUTE_MS);
    const { session, callbackUrl } = await control.pay(authority, { late: true });
    expect(session.state).toBe('PAID');
    expect(callbackUrl).toMatch(/Status=OK$/);
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);
  });

  it('is passed by a buyer who pays late: in the bank until then, paid a second later', async () => {
    const authority = await zarinpal.open();
    await control.payLate(authority);
    await control.clock.advance(30 * MINUTE_MS);
    expect(await statusOf(authority)).toBe('IN_BANK');
    await control.clock.advance(1_000);
    expect(await statusOf(authority)).toBe('PAID');
  });

  it('leaves a refused session refused, however late somebody pays', async () => {
    const authority = await zarinpal.open();
    await control.refuse(authority);
    await expect(control.pay(authority, { late: true })).rejects.toThrow('409');
  });
});

describe('the verify window', () => {
  it('ends after 30 minutes, and the buyer has the money back', async () => {
    const authority = await zarinpal.paid(control);
    await control.clock.advance(30 * MINUTE_MS - 1);
    expect(await statusOf(authority)).toBe('PAID');
    await control.clock.advance(1);

    expect((await control.session(authority)).state).toBe('RETURNED');
    expect(await statusOf(authority)).toBe('FAILED');
    expect((await zarinpal.verify(authority)).body.errors.code).toBe(-51);
    expect((await zarinpal.reverse(authority)).body.errors.code).toBe(-61);
    expect((await zarinpal.call('unVerified', { merchant_id: MERCHANT })).body.data.authorities).toEqual([]);
  });

  it('can be shown as reversed by inquiry', async () => {
    await control.switches.change({ inquiryAfterReturn: 'REVERSED' });
    const authority = await zarinpal.paid(control);
    await control.clock.advance(31 * MINUTE_MS);
    expect(await statusOf(authority)).toBe('REVERSED');
  });

  it('keeps unverified money where that is switched on', async () => {
    await control.switches.change({ unverifiedMoney: 'keep' });
    const authority = await zarinpal.paid(control);
    await control.clock.advance(24 * 60 * MINUTE_MS);
    expect(await statusOf(authority)).toBe('PAID');
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);
  });

  it('ends unread, too: the journal says so at the next read', async () => {
    const authority = await zarinpal.paid(control);
    await control.clock.advance(31 * MINUTE_MS);
    await control.sessions();
    const changes = await control.journal({ kind: 'state', authority });
    expect(changes.map(({ from, to }) => [from, to])).toEqual([
      [null, 'ACTIVE'],
      ['ACTIVE', 'PAID'],
      ['PAID', 'RETURNED'],
    ]);
  });
});

describe('the reverse window', () => {
  it('ends 30 minutes after payment, not after verify', async () => {
    const authority = await zarinpal.paid(control);
    await control.clock.advance(29 * MINUTE_MS);
    await zarinpal.verify(authority);
    await control.clock.advance(MINUTE_MS);
    expect((await zarinpal.reverse(authority)).body.errors).toMatchObject({
      code: -63,
      message: 'Maximum time for reverse this session is expired.',
    });
    expect(await statusOf(authority)).toBe('VERIFIED');
  });
});

describe('the clock', () => {
  it('stands still when frozen and runs on from there', async () => {
    await control.clock.freeze('2026-03-21T00:00:00Z');
    expect(await control.clock.read()).toMatchObject({ now: '2026-03-21T00:00:00.000Z', frozen: true });
    await control.clock.advance(1_000);
    expect((await control.clock.read()).now).toBe('2026-03-21T00:00:01.000Z');
    const thawed = await control.clock.thaw();
    expect(thawed.frozen).toBe(false);
    expect(Date.parse(thawed.now) - Date.parse('2026-03-21T00:00:01Z')).toBeLessThan(5_000);
  });

  it('goes back to real time', async () => {
    await control.clock.advance(90 * MINUTE_MS);
    const { offsetMs, frozen } = await control.clock.reset();
    expect({ offsetMs, frozen }).toEqual({ offsetMs: 0, frozen: false });
  });

  it.each([{ freeze: 'yesterday' }, { advanceMs: 'much' }, { backwards: true }])(
    'refuses %j',
    async (body) => {
      const response = await fetch(`${sandbox.url}/_sandbox/clock`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(400);
    },
  );
});
