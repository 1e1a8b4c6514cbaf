import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import { MERCHANT, zarinpalCaller, type RawAnswer, type ZarinpalCaller } from '../support/zarinpal-caller';

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;
let zarinpal: ZarinpalCaller;

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
  zarinpal = zarinpalCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(() => control.reset());

const ADD_REFUND = `mutation AddRefund($session_id: ID!, $amount: BigInteger!, $description: String,
                   $method: InstantPayoutActionTypeEnum, $reason: RefundReasonEnum) {
  resource: AddRefund(session_id: $session_id, amount: $amount, description: $description,
                      method: $method, reason: $reason) {
    terminal_id, id, amount,
    timeline { refund_amount, refund_time, refund_status }
  }
}`;

const SESSIONS = `query Sessions($terminal_id: ID!, $filter: FilterEnum, $id: ID, $reference_id: String, $rrn: String,
               $card_pan: String, $email: String, $mobile: CellNumber, $description: String, $limit: Int, $offset: Int) {
  Session(terminal_id: $terminal_id, filter: $filter, id: $id, reference_id: $reference_id, rrn: $rrn, card_pan: $card_pan,
          email: $email, mobile: $mobile, description: $description, limit: $limit, offset: $offset) {
    id, status, amount, description, created_at
  }
}`;

/** What the PHP client sends: every variable, unused ones as null. */
function sessionsVariables(part: Record<string, unknown> = {}): Record<string, unknown> {
  const unused = {
    filter: null,
    id: null,
    reference_id: null,
    rrn: null,
    card_pan: null,
    email: null,
    mobile: null,
  };
  return { terminal_id: '1', ...unused, description: null, limit: 25, offset: 0, ...part };
}

async function graphql(query: string, variables: unknown = {}, token = 'Bearer token'): Promise<RawAnswer> {
  const response = await fetch(`${sandbox.url}/api/v4/graphql/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: token },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: await response.json() };
}

async function refund(sessionId: string, part: Record<string, unknown> = {}): Promise<RawAnswer> {
  return graphql(ADD_REFUND, {
    session_id: sessionId,
    amount: 20_000,
    description: null,
    method: 'PAYA',
    reason: 'OTHER',
    ...part,
  });
}

async function verifiedSession(amount = 100_000): Promise<{ id: string; authority: string }> {
  const authority = await zarinpal.verified(control, { amount });
  return { authority, id: (await control.session(authority)).id };
}

/** One verified transaction, by its place in the list. */
async function verifiedPage(offset: number): Promise<unknown> {
  const { body } = await graphql(SESSIONS, sessionsVariables({ filter: 'VERIFIED', limit: 1, offset }));
  return body.data.Session;
}

function listBy(field: string): Promise<RawAnswer> {
  return graphql(`{ rows: ${field}(terminal_id: "1") { id, status } }`);
}

describe('AddRefund', () => {
  it('gives a part back, answered under the alias, pending until the bank has done it', async () => {
    const { id, authority } = await verifiedSession();
    const { status, body } = await refund(id);
    expect(status).toBe(200);
    expect(body.data.resource).toEqual({
      terminal_id: '1',
      id: expect.any(String),
      amount: 20_000,
      timeline: { refund_amount: 20_000, refund_time: null, refund_status: 'PENDING' },
    });
    expect(await control.session(authority)).toMatchObject({
      state: 'REFUNDED',
      refunds: [{ amountRial: 20_000, status: 'PENDING' }],
    });
    await control.clock.advance(12 * 3_600_000);
    expect((await control.session(authority)).refunds).toMatchObject([{ status: 'SUCCESS' }]);
  });

  it('leaves verify at 101 and inquiry at VERIFIED, and forbids reverse', async () => {
    const { id, authority } = await verifiedSession(150_000);
    await refund(id);
    expect((await zarinpal.verify(authority)).body.data.code).toBe(101);
    expect((await zarinpal.inquire(authority)).body.data.status).toBe('VERIFIED');
    expect((await zarinpal.reverse(authority)).body.errors.code).toBe(-61);
  });

  it('counts parts up to the whole amount', async () => {
    const { id } = await verifiedSession(50_000);
    expect((await refund(id, { amount: '30000' })).body.data.resource.amount).toBe(30_000);
    expect((await refund(id, { amount: 20_001 })).body.errors[0].message).toMatch(/greater than/);
    expect((await refund(id, { amount: 20_000 })).body.data.resource.amount).toBe(20_000);
  });

  it('frees the amount of a refund that failed', async () => {
    const { id, authority } = await verifiedSession(20_000);
    const { body } = await refund(id);
    await control.settleRefund(authority, body.data.resource.id, 'FAILED');
    expect((await control.session(authority)).state).toBe('VERIFIED');
    expect((await refund(id)).body.data.resource.amount).toBe(20_000);
  });

  it('can list its timeline, and fail by itself', async () => {
    await control.switches.change({ timelineShape: 'list', refundOutcome: 'FAILED', refundCardMs: 0 });
    const { id } = await verifiedSession();
    const { body } = await refund(id, { method: 'CARD' });
    expect(body.data.resource.timeline).toMatchObject([{ refund_amount: 20_000 }]);
    const found = await graphql(
      `
        query ($id: ID!) {
          GetRefund(id: $id) {
            status
          }
        }
      `,
      { id: body.data.resource.id },
    );
    expect(found.body.data.GetRefund).toEqual({ status: 'FAILED' });
  });

  it.each([
    ['less than 20,000 rials', { amount: 19_999 }, /at least 20000/],
    ['an amount that is no number', { amount: 'much' }, /must be an integer/],
    ['an unknown method', { method: 'CASH' }, /PAYA, CARD/],
    ['an unknown reason', { reason: 'MOOD' }, /CUSTOMER_REQUEST/],
    ['an unknown session', { session_id: '1' }, /not found/],
  ])('refuses %s with HTTP 200', async (_, part, message) => {
    const { id } = await verifiedSession();
    const { status, body } = await refund(id, part);
    expect(status).toBe(200);
    expect(body.data).toBeUndefined();
    expect(body.errors[0].message).toMatch(message);
  });

  it('refuses what is paid and not verified', async () => {
    const authority = await zarinpal.paid(control);
    const { id } = await control.session(authority);
    expect((await refund(id)).body.errors).toHaveLength(1);
  });
});

describe('lists', () => {
  it('find a transaction by the reference of verify, which is how a refund finds its session', async () => {
    const { id, authority } = await verifiedSession();
    await verifiedSession();
    const { refId } = await control.session(authority);
    const { body } = await graphql(SESSIONS, sessionsVariables({ reference_id: String(refId) }));
    expect(body.data.Session).toEqual([
      { id, status: 'VERIFIED', amount: 100_000, description: 'سفارش ۱', created_at: expect.any(String) },
    ]);
  });

  it('filter by state and come in pages, newest first', async () => {
    await zarinpal.open();
    const first = await verifiedSession();
    const second = await verifiedSession();
    expect(await verifiedPage(0)).toMatchObject([{ id: second.id }]);
    expect(await verifiedPage(1)).toMatchObject([{ id: first.id }]);
    expect(await verifiedPage(2)).toEqual([]);
  });

  it('belong to a terminal', async () => {
    await control.merchant(MERCHANT, { terminalId: '7' });
    await zarinpal.open();
    expect((await graphql(SESSIONS, sessionsVariables())).body.data.Session).toEqual([]);
    expect((await graphql(SESSIONS, sessionsVariables({ terminal_id: '7' }))).body.data.Session).toHaveLength(
      1,
    );
  });

  it('answer one transaction by id', async () => {
    const { id } = await verifiedSession();
    const { body } = await graphql(`{ SessionById(id: "${id}") { id status, authority } }`);
    expect(body.data.SessionById).toMatchObject({ id, status: 'VERIFIED' });
  });

  it.each([
    ['Session', 'Session', 'GetTransactions'],
    ['GetTransactions', 'GetTransactions', 'Session'],
  ])('of family %s answer %s and not %s', async (graphqlFamily, served, absent) => {
    await control.switches.change({ graphqlFamily });
    expect((await listBy(served)).body.data.rows).toEqual([]);
    expect((await listBy(absent)).body.errors[0].message).toBe(
      `Cannot query field "${absent}" on type "Query".`,
    );
  });
});

describe('what is no good query', () => {
  it.each([
    ['no token', SESSIONS, ''],
    ['the token "undefined"', SESSIONS, 'Bearer undefined'],
    ['a broken query', 'query {', 'Bearer token'],
    ['an odd character', '{ a ^ }', 'Bearer token'],
    ['no query', '', 'Bearer token'],
    ['an unknown field', '{ Session(terminal_id: 1) { secret } }', 'Bearer token'],
    ['a mutation as a query', '{ AddRefund(session_id: 1) { id } }', 'Bearer token'],
  ])('(%s) is answered with errors and HTTP 200', async (_, query, token) => {
    await zarinpal.open();
    const { status, body } = await graphql(query, sessionsVariables(), token);
    expect(status).toBe(200);
    expect(body.errors).toEqual([{ message: expect.any(String) }]);
  });

  it('is hit by faults like every call', async () => {
    await control.fault({ kind: 'html', endpoint: 'graphql' });
    const response = await fetch(`${sandbox.url}/api/v4/graphql`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(502);
  });
});
