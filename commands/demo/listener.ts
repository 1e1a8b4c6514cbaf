import { createLiveClient } from '../../realtime/client/client';
import type { TokenSource } from '../../realtime/client/live-socket';
import type { ORDERS } from '../../realtime/orders/orders.namespace';
import { check, type Check } from './checks';
import type { ShopAddresses } from './find-shop';
import type { OrderEvent } from './shopper';
import type { Timeline } from './timeline';
import { until } from './until';

/** The buyer's socket: what arrives on it enters the timeline. */
export interface Listener {
  /** Follows an order from its beginning. */
  follow(orderId: string): void;
  /** Waits for the last of these events, and compares all of them with what has arrived. */
  check(orderId: string, events: readonly OrderEvent[]): Promise<Check[]>;
  close(): void;
}

const ARRIVES_WITHIN_MS = 10_000;

/** @param session of the buyer, who owns the orders */
export function openListener(
  { realtimeUrl }: Pick<ShopAddresses, 'realtimeUrl'>,
  session: TokenSource,
  timeline: Timeline,
): Listener {
  const live = createLiveClient(realtimeUrl, { session });
  const orders = live.namespace<typeof ORDERS>('/orders', {
    onEnd: (problem) => timeline.said('socket', `ends: ${problem?.message ?? 'the session is over'}`),
  });
  const arrived = new Map<string, string[]>();

  return {
    follow(orderId) {
      if (arrived.has(orderId)) return;
      const told: string[] = [];
      arrived.set(orderId, told);
      orders.follow(
        { verb: 'subscribe', input: { orderId }, aggregate: 'order', id: orderId },
        {
          onEvent({ version, type }) {
            told.push(`v${version} ${type}`);
            timeline.said('socket', `v${version} ${type} arrives`);
          },
          onEnd: ({ message }) => timeline.said('socket', `cannot follow the order: ${message}`),
        },
      );
    },
    async check(orderId, events) {
      const told = arrived.get(orderId) ?? [];
      await until(
        () => Promise.resolve(told.length),
        (length) => length >= events.length,
        ARRIVES_WITHIN_MS,
        (length) => `only ${length} of ${events.length} events arrived on the socket`,
      );
      const expected = events.map(({ version, type }) => `v${version} ${type}`);
      return [check('its socket told the buyer each event once and in order', expected, told)];
    },
    close: () => live.close(),
  };
}
