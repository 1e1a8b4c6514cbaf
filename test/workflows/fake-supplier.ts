import type { ChannelOutcome, SupplierChannel } from '../../activities/purchasing/supplier-channel';
import type { OutgoingMessage } from '../../entities/purchasing/supplier-messages';

/** A supplier that knows what it was told. It takes everything, unless told how to answer. */
export class FakeSupplier implements SupplierChannel {
  /** Every call, oldest first. */
  readonly calls: OutgoingMessage[] = [];
  private answers: ChannelOutcome[] = [];

  /** The next calls are answered like this. */
  answerNext(...answers: ChannelOutcome[]): void {
    this.answers.push(...answers);
  }

  /** The orders that it knows, each once. */
  idsOf(orderId: string): string[] {
    return [...new Set(this.calls.filter((call) => call.orderId === orderId).map((call) => call.webhookId))];
  }

  send(message: OutgoingMessage): Promise<ChannelOutcome> {
    this.calls.push(message);
    return Promise.resolve(this.answers.shift() ?? { kind: 'sent', message: 'HTTP 202' });
  }

  cancel(message: OutgoingMessage): Promise<ChannelOutcome> {
    return this.send(message);
  }

  reset(): void {
    this.calls.length = 0;
    this.answers = [];
  }
}
