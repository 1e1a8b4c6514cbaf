import type { GatewayCalls } from '../../workflows/payments/gateway.steps';

type Money = 'paid' | 'captured' | 'reversed';

/** A gateway on fake: it opens what it is asked for, and has the money that a test puts there. */
export class FakeGateway implements GatewayCalls {
  private readonly money = new Map<string, Money>();
  private opened = 0;

  /** The buyer pays. */
  pay(authority: string): void {
    this.money.set(authority, 'paid');
  }

  /** The money was taken, although nobody here knows it. */
  capture(authority: string): void {
    this.money.set(authority, 'captured');
  }

  /** Money that nobody took goes back by itself. */
  sendBackUntaken(): void {
    for (const [authority, state] of this.money) if (state === 'paid') this.money.delete(authority);
  }

  /** Whether the shop has the money of a payment. */
  isTaken(authority: string): boolean {
    return this.money.get(authority) === 'captured';
  }

  readonly requestPayment: GatewayCalls['requestPayment'] = async () => {
    this.opened += 1;
    const authority = `P${this.opened}`;
    return { kind: 'opened', authority, redirectUrl: `https://pay.example/${authority}` };
  };

  readonly verifyPayment: GatewayCalls['verifyPayment'] = async ({ authority }) => {
    const state = this.money.get(authority);
    if (state === undefined || state === 'reversed')
      return { kind: 'not_paid', code: '-51', message: 'not paid' };
    this.money.set(authority, 'captured');
    return { kind: 'captured', refId: `R-${authority}`, first: true };
  };

  readonly inquirePayment: GatewayCalls['inquirePayment'] = async ({ authority }) => ({
    kind: 'status',
    status: this.money.get(authority) ?? 'failed',
  });

  readonly reversePayment: GatewayCalls['reversePayment'] = async ({ authority }) => {
    this.money.set(authority, 'reversed');
    return { kind: 'reversed' };
  };
}
