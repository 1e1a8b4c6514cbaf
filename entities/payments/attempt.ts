import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import type { Currency } from '../values/money';
import type { AttemptStatus } from './attempt-status';

/**
 * One try to pay an order through one gateway, with one object of that gateway (its authority). The amount is frozen when the
 * attempt is made. Captured money is settled (it paid the order) or surplus (it is owed to the buyer until refunded).
 */
@Entity('payment_attempts')
@Unique('uq_payment_attempts_authority', ['gateway', 'authority'])
@Unique('uq_payment_attempts_ref', ['gateway', 'refId'])
@Unique('uq_payment_attempts_settled', ['settledOrderId', 'id'])
@ForeignKey('Order', ['orderId', 'currency'], ['id', 'currency'], { name: 'fk_payment_attempts_order' })
@ForeignKey('Order', ['settledOrderId', 'id'], ['id', 'settledAttemptId'], {
  name: 'fk_payment_attempts_settled_order',
  deferrable: 'INITIALLY DEFERRED',
})
@Check(
  'ck_payment_attempts_status',
  "status IN ('requesting', 'open', 'verifying', 'settled', 'surplus', 'refused', 'closed')",
)
@Check('ck_payment_attempts_amount', 'amount >= 0')
@Check(
  'ck_payment_attempts_captured',
  'refund_pending >= 0 AND refunded >= 0 AND refund_pending + refunded <= captured',
)
@Check(
  'ck_payment_attempts_captured_status',
  "captured = CASE WHEN status IN ('settled', 'surplus') THEN amount ELSE 0 END",
)
@Index('uq_payment_attempts_one_capture', ['orderId'], {
  unique: true,
  where: "status IN ('verifying', 'settled')",
})
@Index('ix_payment_attempts_order', ['orderId'])
@Index('ix_payment_attempts_unfinished', ['payableUntil'], {
  where: "status IN ('requesting', 'open', 'verifying', 'refused')",
})
@Index('ix_payment_attempts_surplus', ['id'], { where: "status = 'surplus' AND refunded < captured" })
export class PaymentAttempt {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_payment_attempts' })
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  /** The gateway's name, or `none` for a free order. */
  @Column('varchar', { length: 40 })
  gateway!: string;

  @Column('varchar', { length: 20 })
  status!: AttemptStatus;

  /** The gateway's name for this payment. It is case-sensitive, and null until the gateway has answered. */
  @Column('varchar', { length: 200, nullable: true })
  authority!: string | null;

  @Column('varchar', { name: 'redirect_url', length: 500, nullable: true })
  redirectUrl!: string | null;

  /** The gateway's receipt of a capture. */
  @Column('varchar', { name: 'ref_id', length: 200, nullable: true })
  refId!: string | null;

  @Column('bigint')
  amount!: number;

  @Column('char', { length: 3 })
  currency!: Currency;

  @Column('bigint', { default: 0 })
  captured!: number;

  /** Money that the gateway was asked to refund, while its answer is outstanding. */
  @Column('bigint', { name: 'refund_pending', default: 0 })
  refundPending!: number;

  @Column('bigint', { default: 0 })
  refunded!: number;

  @Column('bigint', { nullable: true })
  fee!: number | null;

  /** Masked by the gateway. */
  @Column('varchar', { name: 'card_pan', length: 32, nullable: true })
  cardPan!: string | null;

  /** The last failure of this attempt, for operators. */
  @Column('varchar', { name: 'failure_code', length: 80, nullable: true })
  failureCode!: string | null;

  @Column('timestamptz', { name: 'payable_until' })
  payableUntil!: Date;

  /** How often a capture was begun. A late answer of an earlier round changes nothing. */
  @Column('integer', { name: 'capture_round', default: 0 })
  captureRound!: number;

  @Column('timestamptz', { name: 'last_capture_at', nullable: true })
  lastCaptureAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column({
    type: 'uuid',
    name: 'settled_order_id',
    nullable: true,
    generatedType: 'STORED',
    asExpression: "CASE WHEN status = 'settled' THEN order_id END",
  })
  settledOrderId!: string | null;
}
