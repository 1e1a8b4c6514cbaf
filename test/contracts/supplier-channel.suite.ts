import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { SupplierChannel } from '../../activities/purchasing/supplier-channel';
import type { OutgoingMessage } from '../../entities/purchasing/supplier-messages';

/** What a supplier has received: its id for repeats, and the lines. */
export interface ReceivedMessage {
  readonly id: string;
  readonly isCancellation: boolean;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A channel with the supplier at its other end. */
export interface ChannelUnderTest {
  readonly channel: SupplierChannel;
  /** The same with a time-out of 300 ms. */
  readonly impatient: SupplierChannel;
  readonly message: (fields?: Partial<OutgoingMessage>) => OutgoingMessage;
  /** The same message to an address where nobody listens. */
  readonly unreachable: SupplierChannel;
  /** Everything that arrived about an order, oldest first. */
  received(orderId: string): Promise<ReceivedMessage[]>;
  /** How the next message goes wrong. */
  misbehave(how: 'busy' | 'refuses' | 'silent' | 'lost answer'): Promise<void>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** What every channel promises. */
export function describeSupplierChannel(name: string, start: () => Promise<ChannelUnderTest>): void {
  describe(`${name} as a channel to suppliers`, () => {
    let under: ChannelUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    beforeEach(() => under.reset());
    afterAll(() => under.stop());

    const LINES = [
      { sku: 'P-1', quantity: 12 },
      { sku: 'P-2', quantity: 3 },
    ];
    const buildMessage = (fields: Partial<OutgoingMessage> = {}) => {
      const orderId = randomUUID();
      return under.message({ orderId, webhookId: `${orderId}-r1`, lines: LINES, ...fields });
    };

    test('tells an order with its lines, and its cancellation', async () => {
      const order = buildMessage();
      expect(await under.channel.send(order)).toMatchObject({ kind: 'sent' });
      const cancellation = {
        ...order,
        kind: 'cancel' as const,
        webhookId: `${order.orderId}-r2`,
        revision: 2,
      };
      expect(await under.channel.cancel(cancellation)).toMatchObject({ kind: 'sent' });
      const [first, second] = await under.received(order.orderId);
      expect(first).toEqual({ id: `${order.orderId}-r1`, isCancellation: false, lines: LINES });
      expect(second).toMatchObject({ id: `${order.orderId}-r2`, isCancellation: true });
    });

    test('does not know what became of a message without an answer, and repeats it with the same id', async () => {
      const order = buildMessage();
      for (const how of ['lost answer', 'silent', 'busy'] as const) {
        await under.misbehave(how);
        expect([how, (await under.impatient.send(order)).kind]).toEqual([how, 'unknown']);
      }
      expect(await under.channel.send(order)).toMatchObject({ kind: 'sent' });
      const ids = (await under.received(order.orderId)).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set([order.webhookId]));
    });

    test('hears that a message is refused', async () => {
      await under.misbehave('refuses');
      expect(await under.channel.send(buildMessage())).toMatchObject({ kind: 'refused' });
    });

    test('does not throw when nobody listens', async () => {
      expect(await under.unreachable.send(buildMessage())).toMatchObject({ kind: 'unknown' });
    });
  });
}
