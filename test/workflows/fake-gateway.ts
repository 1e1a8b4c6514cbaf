import type { PaymentGateway } from '../../activities/payments/payment-gateway';
import type { UnsettledPayments } from '../../activities/payments/unsettled-payments';
import type {
  InquiryOutcome,
  OpenOutcome,
  ReverseOutcome,
  VerifyOutcome,
} from '../../workflows/payments/gateway.steps';

type Money = 'paid' | 'captured' | 'reversed';

/** A payment, as a test has it at hand: an attempt that was opened. */
interface Payment {
  readonly authority: string | null;
}

/** What a test lets the gateway say in place of its own answers. Each is used once. */
export interface PreparedAnswers {
  open?: OpenOutcome[];
  verify?: VerifyOutcome[];
  inquire?: InquiryOutcome[];
  reverse?: ReverseOutcome[];
}

/** A gateway without a network. It opens every payment, and holds the money that a test puts there. */
export class FakeGateway implements PaymentGateway, UnsettledPayments {
  readonly name = 'zarinpal';
  readonly limits = { minimum: 10_000, maximum: 1_000_000_000, currency: 'IRR' } as const;
  answers: PreparedAnswers = {};
  /** Buyers pay the moment their payment page exists. */
  buyersPayAtOnce = false;
  /** The receipt of every capture, in place of one of its own for each. */
  onlyReceipt: string | undefined;
  private readonly money = new Map<string, Money>();
  private opened = 0;

  /** Back to how it was at first. Payments stay as they are. */
  reset(): void {
    this.answers = {};
    this.buyersPayAtOnce = false;
    this.onlyReceipt = undefined;
  }

  /** The buyer pays. */
  pay(payment: Payment): void {
    this.money.set(authorityOf(payment), 'paid');
  }

  /** The gateway takes the money although the shop did not ask for it. */
  capture(payment: Payment): void {
    this.money.set(authorityOf(payment), 'captured');
  }

  /** Money that the shop did not take goes back to the buyers. */
  sendBackUntaken(): void {
    for (const [authority, state] of this.money) if (state === 'paid') this.money.delete(authority);
  }

  /** Whether the shop has the money of a payment. */
  isTaken(payment: Payment): boolean {
    return this.money.get(authorityOf(payment)) === 'captured';
  }

  async open(): Promise<OpenOutcome> {
    const prepared = this.answers.open?.shift();
    if (prepared) return prepared;
    this.opened += 1;
    const authority = `P${this.opened}`;
    if (this.buyersPayAtOnce) this.pay({ authority });
    return { kind: 'opened', authority, redirectUrl: `https://pay.example/${authority}` };
  }

  async verify({ authority }: { authority: string }): Promise<VerifyOutcome> {
    const prepared = this.answers.verify?.shift();
    if (prepared) return prepared;
    const state = this.money.get(authority);
    if (state === undefined || state === 'reversed') {
      return { kind: 'not_paid', code: '-51', message: 'not paid' };
    }
    this.money.set(authority, 'captured');
    return { kind: 'captured', refId: this.onlyReceipt ?? receiptOf(authority), first: state === 'paid' };
  }

  async inquire({ authority }: { authority: string }): Promise<InquiryOutcome> {
    return this.answers.inquire?.shift() ?? { kind: 'status', status: this.money.get(authority) ?? 'failed' };
  }

  async reverse({ authority }: { authority: string }): Promise<ReverseOutcome> {
    const prepared = this.answers.reverse?.shift();
    if (prepared) return prepared;
    this.money.set(authority, 'reversed');
    return { kind: 'reversed' };
  }

  async list(): ReturnType<UnsettledPayments['list']> {
    const payments = [...this.money]
      .filter(([, state]) => state === 'paid')
      .map(([authority]) => ({ authority, amount: 250_000 }));
    return { kind: 'listed', payments, unreadable: 0, nearLimit: false };
  }
}

/** The receipt that the gateway gives for a payment of its own. */
export function receiptOf(authority: string): string {
  return `R-${authority}`;
}

function authorityOf({ authority }: Payment): string {
  if (authority === null) throw new Error('a payment without an authority cannot be paid');
  return authority;
}
