import type { MessageOutcome, OutgoingMessage } from '../../entities/purchasing/supplier-messages';

/** What became of a call. A call without a clear answer is `unknown`: it is repeated with the same id. */
export type ChannelOutcome = Exclude<MessageOutcome, { readonly kind: 'not_wanted' }>;

/**
 * A way to tell suppliers of orders. Both calls may be repeated: the supplier tells repeats by the message's `webhookId`. They
 * never throw for what a supplier does.
 */
export interface SupplierChannel {
  send(message: OutgoingMessage): Promise<ChannelOutcome>;
  /** Tells that an order, which the supplier may know of, is not wanted any more. */
  cancel(message: OutgoingMessage): Promise<ChannelOutcome>;
}

/** A person tells the supplier. The order counts as sent at once. */
export const manualChannel: SupplierChannel = {
  send: () => Promise.resolve({ kind: 'sent', message: 'a person tells the supplier' }),
  cancel: () => Promise.resolve({ kind: 'sent', message: 'a person tells the supplier' }),
};
