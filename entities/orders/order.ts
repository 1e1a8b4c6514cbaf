import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import type { Currency } from '../values/money';
import type { OrderStatus, PaymentStatus } from './order-status';

/**
 * What a buyer ordered, at the prices of that moment. It holds stock exactly while it awaits payment (`held_order_id`, which
 * the held reservations refer to), and is paid exactly when one attempt of it is settled.
 */
@Entity('orders')
@Unique('uq_orders_number', ['number'])
@Unique('uq_orders_held', ['heldOrderId'])
@Unique('uq_orders_currency', ['id', 'currency'])
@Unique('uq_orders_settled_attempt', ['id', 'settledAttemptId'])
@Check('ck_orders_status', "status IN ('awaiting_payment', 'placed', 'expired', 'cancelled')")
@Check('ck_orders_payment_status', "payment_status IN ('unpaid', 'paid', 'partly_refunded', 'refunded')")
@Check('ck_orders_total', 'total >= 0')
@Check('ck_orders_unpaid', "(payment_status = 'unpaid') = (settled_attempt_id IS NULL)")
@Check(
  'ck_orders_unpaid_status',
  "(status IN ('awaiting_payment', 'expired', 'cancelled')) = (payment_status = 'unpaid')",
)
@Index('uq_orders_open_per_cart', ['cartId'], { unique: true, where: "status = 'awaiting_payment'" })
@Index('ix_orders_cart', ['cartId'])
@Index('ix_orders_open_per_client', ['clientKey'], { where: "status = 'awaiting_payment'" })
@Index('ix_orders_customer', ['customerId', 'number'], { where: 'customer_id IS NOT NULL' })
@Index('ix_orders_open_per_customer', ['customerId'], {
  where: "customer_id IS NOT NULL AND status = 'awaiting_payment'",
})
@Index('ix_orders_deadline', ['paymentDeadline'], { where: "status = 'awaiting_payment'" })
@ForeignKey('PaymentAttempt', ['id', 'settledAttemptId'], ['settledOrderId', 'id'], {
  name: 'fk_orders_settled_attempt',
  deferrable: 'INITIALLY DEFERRED',
})
export class Order {
  /** Derived from the idempotency key and the cart, or the customer who orders without a cart token, so that one request always means one order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_orders' })
  id!: string;

  /** The order's name for people. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: number;

  @Column('uuid', { name: 'cart_id' })
  cartId!: string;

  /** Whose order it is: the customer of its cart, or whoever joined it later by its token. Null for a guest's. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_orders_customer' })
  customerId!: string | null;

  /** SHA-256 (hex) of the request that made the order. Another body under the same key is refused. */
  @Column('char', { name: 'request_digest', length: 64 })
  requestDigest!: string;

  /** The request that placed the order. It alone is answered with 201. Null for orders from before this was kept. */
  @Column('uuid', { name: 'asked_by', nullable: true })
  askedBy!: string | null;

  /** A keyed hash of the client's address, for the limit of open orders. The address is not stored. */
  @Column('varchar', { name: 'client_key', length: 64 })
  clientKey!: string;

  @Column('varchar', { length: 20 })
  status!: OrderStatus;

  @Column('varchar', { name: 'payment_status', length: 20 })
  paymentStatus!: PaymentStatus;

  @Column('bigint')
  total!: number;

  @Column('char', { length: 3 })
  currency!: Currency;

  /** When the unpaid order and its hold end. A reset of the workflow does not move it. */
  @Column('timestamptz', { name: 'payment_deadline' })
  paymentDeadline!: Date;

  @Column('uuid', { name: 'settled_attempt_id', nullable: true })
  settledAttemptId!: string | null;

  /** Whether the shop delivers it, so that it has a recipient until that is erased. */
  @Column('boolean', { default: false })
  delivers!: boolean;

  /** The version of the last event of this order. */
  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'paid_at', nullable: true })
  paidAt!: Date | null;

  @Column({
    type: 'uuid',
    name: 'held_order_id',
    nullable: true,
    generatedType: 'STORED',
    asExpression: "CASE WHEN status = 'awaiting_payment' THEN id END",
  })
  heldOrderId!: string | null;
}
