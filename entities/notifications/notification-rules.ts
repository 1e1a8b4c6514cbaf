import { ACCOUNT } from '../auth/auth.events';
import { businessDay } from '../calendar/business-day';
import type { Aggregate } from '../events/aggregate';
import type { JournalEvent } from '../events/read-journal';
import { AVAILABILITY, STOCK_LEVEL } from '../inventory/inventory.events';
import { ORDER } from '../orders/orders.events';
import { PURCHASE_ORDER } from '../purchasing/purchasing.events';
import { TICKET, TICKET_STAFF } from '../support/support.events';
import { isUuid } from '../values/uuid';
import { kindOf, type NotificationData, type NotificationKind } from './notification-kinds';

/**
 * Whom an event concerns, from the row that it names. `buyer`: the customer of an order, or the recipient of a guest's.
 * `order_customer`: never a guest's recipient. `order_customer_of_staff`: the same, if somebody of the staff did it. `assignee`: who
 * works on a ticket, or all agents while nobody does. `returning`: an account that has signed in before.
 */
export type Audience =
  | 'account'
  | 'returning'
  | 'buyer'
  | 'order_customer'
  | 'order_customer_of_staff'
  | 'ticket_customer'
  | 'assignee'
  | 'agents'
  | 'staff';

/** What an event makes people hear. */
export interface Telling {
  readonly kind: NotificationKind;
  readonly audience: Audience;
  /** The row that {@link Audience} starts from. */
  readonly subjectId: string;
  /** Of the event. */
  readonly version: number;
  readonly dedupeKey: string;
  readonly data: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** The part of an event that rules read. */
export type NotableEvent = Pick<
  JournalEvent,
  'aggregateType' | 'aggregateId' | 'version' | 'type' | 'payload' | 'createdAt'
>;

type Seen<Events extends object, Type extends keyof Events> = Pick<
  JournalEvent,
  'aggregateId' | 'version' | 'createdAt'
> & { readonly payload: Events[Type] };

interface RuleSpec<Events extends object, Type extends keyof Events & string, Kind extends NotificationKind> {
  readonly from: Aggregate<Events>;
  readonly type: Type;
  readonly when?: (event: Seen<Events, Type>) => boolean;
  readonly kind: Kind;
  readonly to: Audience;
  readonly about: (event: Seen<Events, Type>) => NotificationData<Kind>;
  /** The row that the audience starts from; by default that of the aggregate. */
  readonly of?: (event: Seen<Events, Type>) => string;
  /** What makes the event the same as another one; by default its aggregate and version. */
  readonly once?: (event: Seen<Events, Type>) => string;
}

/** A rule: what an event of one type makes of itself. */
export interface NotificationRule {
  readonly aggregate: string;
  readonly type: string;
  readonly kind: NotificationKind;
  tell(event: NotableEvent): Telling | undefined;
}

/** The compiler checks types of events, payloads and data. */
function rule<Events extends object, Type extends keyof Events & string, Kind extends NotificationKind>({
  from,
  type,
  when = () => true,
  kind,
  to,
  about,
  of = ({ aggregateId }) => aggregateId,
  once = ({ aggregateId, version }) => `${aggregateId}:${version}`,
}: RuleSpec<Events, Type, Kind>): NotificationRule {
  return {
    aggregate: from.type,
    type,
    kind,
    tell(event) {
      const seen = event as unknown as Seen<Events, Type>;
      if (!when(seen)) return undefined;
      return {
        kind,
        audience: to,
        subjectId: of(seen),
        version: event.version,
        dedupeKey: `${kind}:${once(seen)}`,
        data: about(seen),
        at: event.createdAt,
      };
    },
  };
}

const order = ({ aggregateId }: { readonly aggregateId: string }) => ({ orderId: aggregateId });
const ticket = ({ aggregateId }: { readonly aggregateId: string }) => ({ ticketId: aggregateId });
const purchase = ({ aggregateId }: { readonly aggregateId: string }) => ({ purchaseOrderId: aggregateId });
const nothing = () => ({});

/** Stock that goes up and down around its point is told once a day. */
const onceADay = (variantId: string, createdAt: Date) => `${variantId}:${businessDay(createdAt)}`;

/**
 * Which event concerns whom: the only such table. Goods that are back in stock are not in it: whom to tell is decided by stock
 * alerts, which call `notify` in that transaction.
 */
export const NOTIFICATION_RULES: readonly NotificationRule[] = [
  rule({ from: ORDER, type: 'order.paid', kind: 'order_paid', to: 'buyer', about: order }),
  // Nobody has verified the number of a guest, so anybody could have us send messages to anybody. It hears of money only.
  rule({
    from: ORDER,
    type: 'order.cancelled',
    ...{ kind: 'order_cancelled', to: 'order_customer_of_staff', about: order },
  }),
  rule({ from: ORDER, type: 'order.expired', kind: 'order_expired', to: 'order_customer', about: order }),
  rule({ from: ORDER, type: 'order.payment_surplus', kind: 'refund_due', to: 'buyer', about: order }),
  rule({ from: ORDER, type: 'order.payment_refunded', kind: 'payment_refunded', to: 'buyer', about: order }),
  rule({
    from: TICKET,
    type: 'ticket.answered',
    when: ({ payload }) => payload.by === 'shop',
    ...{ kind: 'ticket_answered', to: 'ticket_customer', about: ticket },
  }),
  rule({
    from: TICKET,
    type: 'ticket.answered',
    // The first one is the ticket itself, and of a question that waits the next lines are no news. Old events do not say it.
    when: ({ payload }) => payload.by === 'customer' && payload.seq > 1 && payload.asks !== false,
    ...{ kind: 'ticket_replied', to: 'assignee', about: ticket },
  }),
  rule({
    from: TICKET,
    type: 'ticket.status_changed',
    when: ({ payload }) => payload.to === 'resolved' && payload.by !== 'customer',
    ...{ kind: 'ticket_resolved', to: 'ticket_customer', about: ticket },
  }),
  rule({ from: TICKET, type: 'ticket.opened', kind: 'ticket_opened', to: 'agents', about: ticket }),
  rule({
    from: TICKET_STAFF,
    type: 'ticket_staff.assigned',
    when: ({ payload }) => payload.assigneeId !== null && payload.isOwn !== true,
    of: ({ payload }) => payload.assigneeId!,
    ...{ kind: 'ticket_assigned', to: 'account', about: ticket },
  }),
  rule({
    from: TICKET_STAFF,
    type: 'ticket_staff.clock_warned',
    ...{ kind: 'ticket_warned', to: 'assignee', about: ticket },
  }),
  rule({
    from: TICKET_STAFF,
    type: 'ticket_staff.clock_escalated',
    ...{ kind: 'ticket_escalated', to: 'agents', about: ticket },
  }),
  rule({
    from: PURCHASE_ORDER,
    type: 'purchase_order.approval_needed',
    ...{ kind: 'approval_needed', to: 'staff', about: purchase },
  }),
  rule({
    from: PURCHASE_ORDER,
    type: 'purchase_order.needs_attention',
    ...{ kind: 'purchase_stuck', to: 'staff', about: purchase },
  }),
  rule({
    from: STOCK_LEVEL,
    type: 'stock.low',
    ...{ kind: 'stock_low', to: 'staff' },
    about: ({ payload }) => ({ variantId: payload.variantId }),
    once: ({ payload, createdAt }) => onceADay(payload.variantId, createdAt),
  }),
  rule({
    from: AVAILABILITY,
    type: 'availability.changed',
    when: ({ payload }) => payload.available === 0 && payload.was > 0,
    ...{ kind: 'stock_out', to: 'staff' },
    about: ({ aggregateId }) => ({ variantId: aggregateId }),
    once: ({ aggregateId, createdAt }) => onceADay(aggregateId, createdAt),
  }),
  rule({
    from: ACCOUNT,
    type: 'account.session_opened',
    ...{ kind: 'signed_in', to: 'returning' },
    about: ({ payload }) => ({ sessionId: payload.sessionId }),
  }),
  // The workflow of the change tells both numbers by SMS.
  rule({
    from: ACCOUNT,
    type: 'account.number_changed',
    ...{ kind: 'number_changed', to: 'account', about: nothing },
  }),
  rule({
    from: ACCOUNT,
    type: 'account.factor_replaced',
    ...{ kind: 'factor_replaced', to: 'account', about: nothing },
  }),
  rule({
    from: ACCOUNT,
    type: 'account.recovery_code_used',
    ...{ kind: 'recovery_code_used', to: 'account', about: nothing },
  }),
];

const RULES_OF = new Map<string, NotificationRule[]>();
for (const it of NOTIFICATION_RULES) {
  const event = `${it.aggregate} ${it.type}`;
  RULES_OF.set(event, [...(RULES_OF.get(event) ?? []), it]);
}

/** What an event makes people hear. An event whose payload is older than the code, so that it names nothing, is left out. */
export function tellingsOf(event: NotableEvent): Telling[] {
  const rules = RULES_OF.get(`${event.aggregateType} ${event.type}`) ?? [];
  return rules.flatMap((it) => {
    const telling = it.tell(event);
    if (!telling) return [];
    const ids = [telling.subjectId, ...kindOf(telling.kind).data.map((name) => telling.data[name])];
    return ids.every(isId) ? [telling] : [];
  });
}

const isId = (value: unknown) => typeof value === 'string' && isUuid(value);
