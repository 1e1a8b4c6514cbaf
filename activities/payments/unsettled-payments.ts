import type { NeedsOperator, Rejected, Unknown, Wait } from '../../workflows/payments/gateway.steps';

/** A payment that the buyer has made and the shop has not captured yet, as the provider lists it. */
export interface UnsettledPayment {
  readonly authority: string;
  /** In the currency's minor unit, as the provider says it. Compare it, never settle by it. */
  readonly amount: number;
  /** Tells our payments from another shop's when both share an account. */
  readonly callbackUrl?: string;
  /** The provider's own text, for people. Some give a time without a zone, so nothing calculates with it. */
  readonly date?: string;
}

export interface UnsettledList {
  readonly kind: 'listed';
  readonly payments: readonly UnsettledPayment[];
  /** How many rows could not be read and are left out. */
  readonly unreadable: number;
  /** Whether the list is near the provider's limit, so that it may hide older payments. The sweep then alerts. */
  readonly nearLimit: boolean;
}

export type UnsettledOutcome = UnsettledList | Rejected | NeedsOperator | Wait | Unknown;

/** A gateway that can list what was paid and not captured. The list reveals payments whose callback got lost. */
export interface UnsettledPayments {
  list(): Promise<UnsettledOutcome>;
}
