import { reachOf } from '../../entities/auth/policy';
import { assertThat } from '../../entities/errors';
import { ORDER_PAYLOADS } from '../../entities/orders/order-payloads';
import { requireOpenOrder } from '../../entities/orders/order-reach';
import { orderIdIn } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import { readOrderOwners } from '../../entities/orders/read-order-owners';
import { readAllOrders, readOwnOrders } from '../../entities/orders/read-own-orders';
import { defineFollow, defineNamespace, defineVerb, type Caller } from '../registry';
import { DoneView, followList, SubscribedView, subscribeTo } from '../subscribe-to';
import { ListOrdersInput, SubscribeOrderInput, UnsubscribeOrderInput } from './orders.input';
import { LiveOrdersView, presentLiveOrder } from './orders.view';

const roomOf = (orderId: string) => `order:${orderId}`;
const customerRoom = (accountId: string) => `customer:${accountId}`;
const STAFF_ROOM = 'staff:orders';
const PAGE_LENGTH = 50;

/** Steps of checkout and payment, to customers, to guests by order token, and to staff. */
export const ORDERS = defineNamespace({
  name: '/orders',
  summary: 'What happens to orders',
  who: 'anybody',
  verbs: {
    subscribe: defineVerb({
      summary: 'Follow an order from a version on',
      input: SubscribeOrderInput,
      answer: SubscribedView,
      action: 'order.read',
      guests: true,
      errors: ['order.not_found', 'order.sign_in_needed'],
      async handle(context, { orderId, after, token }) {
        const { caller, database, reach, tokens } = context;
        assertThat(token || caller, 'access.token_missing');
        if (token) assertThat(orderIdIn(tokens, token) === orderId, 'access.forbidden');
        const staff = reach === 'any' ? caller! : null;
        const callerId = caller?.accountId ?? null;
        const access = { orderId, ownerId: token || staff ? null : callerId, callerId, staff };
        const read = () => requireOpenOrder(database.manager, access);
        return subscribeTo(context, {
          aggregate: ORDER,
          id: orderId,
          room: roomOf(orderId),
          after,
          authorise: read,
          state: async () => presentLiveOrder(await read()),
        });
      },
    }),

    unsubscribe: defineVerb({
      summary: 'Follow an order no longer',
      input: UnsubscribeOrderInput,
      answer: DoneView,
      action: 'order.read',
      guests: true,
      async handle({ leave }, { orderId }) {
        leave(roomOf(orderId));
        return {};
      },
    }),

    list: defineVerb({
      summary: 'Read a list of orders with their versions, and follow it',
      input: ListOrdersInput,
      answer: LiveOrdersView,
      action: 'order.read',
      async handle(context, { of = 'own', before, limit = PAGE_LENGTH }) {
        const { caller, database, reach } = context;
        assertThat(of === 'own' || reach === 'any', 'access.forbidden');
        const { accountId } = caller!;
        const page = { before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
        const found = await followList(context, [of === 'own' ? customerRoom(accountId) : STAFF_ROOM], () =>
          of === 'own'
            ? readOwnOrders(database.manager, { ...page, customerId: accountId })
            : readAllOrders(database.manager, page),
        );
        const shown = found.slice(0, limit);
        const next = found.length > shown.length ? shown.at(-1)!.number : null;
        return { orders: shown.map(presentLiveOrder), next };
      },
    }),
  },
  follows: [
    defineFollow({
      aggregate: ORDER,
      payloads: ORDER_PAYLOADS,
      roomOf,
      async route(manager, events) {
        const ids = [...new Set(events.map(({ aggregateId }) => aggregateId))];
        const owners = new Map(
          (await readOrderOwners(manager, ids)).map(({ id, customerId }) => [id, customerId]),
        );
        return events.map(({ aggregateId, type, payload }) => {
          const customerId = owners.get(aggregateId);
          const lists = customerId ? [customerRoom(customerId), STAFF_ROOM] : [STAFF_ROOM];
          return {
            rooms: [roomOf(aggregateId), ...lists],
            payload,
            // From now on the token alone opens it no longer.
            ...(type === 'order.joined' ? { mayStay: (caller) => isOneOf(lists, caller) } : {}),
          };
        });
      },
    }),
  ],
});

/** Whether the caller is the customer of these rooms' order, or works for the shop. */
function isOneOf(rooms: readonly string[], caller: Caller | undefined): boolean {
  if (!caller) return false;
  const staff = reachOf('order.read', caller.roles) === 'any' ? caller : null;
  return staff !== null || rooms.includes(customerRoom(caller.accountId));
}
