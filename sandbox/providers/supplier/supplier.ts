import { randomUUID } from 'node:crypto';

import { createCallbacks, type Callbacks } from '../../kit/callbacks';
import type { Kit } from '../../kit/kit';
import type { Delivery } from '../../kit/message';
import { RequestProblem } from '../../kit/problem';
import { createRecords, type Records } from '../../kit/records';
import { storedValue } from '../../kit/store';
import { signedHeaders } from './signature';

/** What faults, rules and the journal can name. */
export const TARGETS = ['orderId', 'webhookId', 'reply'] as const;

export interface OrderedLine {
  readonly sku: string;
  readonly quantity: number;
}

export const REPLIES = ['accepted', 'partly_accepted', 'refused', 'dispatched'] as const;
export type Reply = (typeof REPLIES)[number];

/** An order of the shop, as the supplier knows it. */
export interface SupplierOrder {
  readonly orderId: string;
  readonly number: number;
  readonly lines: readonly OrderedLine[];
  readonly deliverTo: string;
  /** Where replies go. */
  readonly replyTo: string;
  readonly state: 'new' | 'cancelled' | Reply;
  /** The messages about it, each once, however often they came. */
  readonly webhookIds: readonly string[];
  /** How often messages about it came. */
  readonly received: number;
  readonly at: number;
}

/** Everything that this supplier knows. */
export interface SandboxSupplier {
  readonly kit: Kit;
  readonly orders: Records<SupplierOrder>;
  readonly callbacks: Callbacks;
  /** The secret that the shop has shown; empty: messages are not checked, and replies are signed with nothing. */
  secret(): string;
  setSecret(secret: string): void;
  /** Replies to an order. Half of each line when it is accepted partly and no lines are given. */
  reply(
    orderId: string,
    reply: Reply,
    details?: { readonly lines?: readonly OrderedLine[]; readonly expectedAt?: string },
  ): Promise<Delivery[]>;
}

const DAY_MS = 86_400_000;

/** The supplier as the last process left it. */
export function openSupplier(kit: Kit, orderLimit: number): SandboxSupplier {
  const secret = storedValue<string>(kit.store, 'secret', '');
  const orders = createRecords<SupplierOrder>(kit, {
    ...{ name: 'orders', id: 'orderId', limit: orderLimit },
    isOver: ({ state }) => state === 'cancelled' || state === 'refused',
    state: ({ state }) => state,
  });
  const callbacks = createCallbacks(kit, { targets: TARGETS });

  function bodyOf(order: SupplierOrder, reply: Reply, given: Parameters<SandboxSupplier['reply']>[2] = {}) {
    const now = kit.clock.now();
    const half = () => order.lines.map(({ sku, quantity }) => ({ sku, quantity: Math.floor(quantity / 2) }));
    const details = {
      accepted: () => ({}),
      refused: () => ({}),
      partly_accepted: () => ({ lines: given.lines ?? half() }),
      dispatched: () => ({ expectedAt: given.expectedAt ?? new Date(now + 2 * DAY_MS).toISOString() }),
    };
    return JSON.stringify({
      type: `purchase_order.${reply}`,
      timestamp: new Date(now).toISOString(),
      data: { orderId: order.orderId, ...details[reply]() },
    });
  }

  return {
    kit,
    orders,
    callbacks,
    secret: () => secret.get(),
    setSecret: (given) => secret.set(given),
    reply(orderId, reply, given) {
      const order = orders.find(orderId);
      if (!order) throw new RequestProblem(404, 'there is no such order');
      orders.change(order, { state: reply }, 'a person replied');
      const body = bodyOf(order, reply, given);
      const id = `reply-${randomUUID()}`;
      return callbacks.send({
        target: { orderId, reply },
        write: () => ({
          url: order.replyTo,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...signedHeaders(secret.get(), id, kit.clock.now(), body),
          },
          body,
          note: { orderId, reply },
        }),
      });
    },
  };
}
