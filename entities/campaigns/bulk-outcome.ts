/** What messages of a call cost. */
export interface BulkCost {
  /** An exact decimal number. */
  readonly amount: string;
  /** `rial`, `credit`, or an ISO 4217 code. */
  readonly unit: string;
  /** How many messages it is for. */
  readonly messages: number;
}

/** The provider has taken nothing of the call. The classes are those of single messages. */
export interface BulkRefused {
  readonly kind: 'refused';
  readonly class: 'stop' | 'bug' | 'config' | 'overload';
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** There is no reliable answer. The call may or may not have taken effect. This is never a failure. */
export interface BulkUnknown {
  readonly kind: 'unknown';
  readonly message: string;
}

/** The code of a message of which no provider was told, because the call had no time left for it. */
export const NOT_CALLED = 'not_called';

/** What one message of a call came to. */
export type BulkResult =
  | { readonly reference: string; readonly kind: 'accepted'; readonly providerMessageId: string }
  | (BulkRefused & {
      readonly reference: string;
      /** Of `bug` and `config`: the provider takes other messages, so the fault is this number's. */
      readonly isOfNumber?: boolean;
    });

/** The provider has answered. Messages without a result are unknown. */
interface BulkAnswered {
  readonly kind: 'answered';
  /** The provider's name for the call. */
  readonly packId?: string;
  /** All in one unit. */
  readonly costs: readonly BulkCost[];
  readonly results: readonly BulkResult[];
  /** Whether it has said of a message without a result that it fails. It gets a rest, as after an overload. */
  readonly isFailing?: boolean;
}

/** The provider was not called, because nothing may go out or nobody wants it any more. The call is closed. */
export interface NotCalled {
  readonly kind: 'not_called';
}

/**
 * What a provider may answer to a call with many messages. Outcomes are stored in histories and logs, so they hold no credential, no
 * number and no text: a message is named by our reference.
 */
export type BulkSendOutcome = BulkAnswered | BulkRefused | BulkUnknown;

/** What was found. A message that surely has not gone out may have a refusal as its result. */
interface BulkSearched extends Omit<BulkAnswered, 'kind' | 'isFailing'> {
  readonly kind: 'searched';
  /** Whether messages without a result surely have not gone out. */
  readonly areOthersCertain: boolean;
  /** Whether nobody could be asked about some of them. Such a search is no try. */
  readonly isPartial?: boolean;
}

export type BulkFindOutcome = BulkSearched | BulkRefused | BulkUnknown;

/** What a provider says of one accepted message. */
export interface BulkReport {
  readonly providerMessageId: string;
  readonly state: 'pending' | 'undelivered' | 'delivered' | 'failed';
  /** The provider's own code. */
  readonly code: string;
  /** Because of the recipient. */
  readonly class?: 'stop';
}
