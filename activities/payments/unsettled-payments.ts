import type { NeedsOperator, Rejected, Unknown, Wait } from '../../workflows/payments/gateway.steps';

/** Money that a buyer has paid and that nobody has captured yet, as the provider lists it. */
export interface UnsettledPayment {
  readonly authority: string;
  /** In the currency's minor unit, as the provider says it: compare it, never settle by it. */
  readonly amount: number;
  /** Tells ours from another shop's when one account is shared. */
  readonly callbackUrl?: string;
  /** The provider's own words: some give a time without a zone, so it is for people, not for arithmetic. */
  readonly date?: string;
}

export interface UnsettledList {
  readonly kind: 'listed';
  readonly payments: readonly UnsettledPayment[];
  /** Rows that could not be read and are left out. */
  readonly unreadable: number;
  /** The list is close to the most the provider shows, so what is older may be hidden: an alert. */
  readonly nearLimit: boolean;
}

export type UnsettledOutcome = UnsettledList | Rejected | NeedsOperator | Wait | Unknown;

/** A gateway that can list what was paid and not captured: the net under every lost callback. */
export interface UnsettledPayments {
  list(): Promise<UnsettledOutcome>;
}
