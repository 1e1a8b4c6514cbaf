import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { PaymentAttempt } from './attempt';

/** What a callback claims. It is unsigned, so it wakes the workflow and never decides anything. */
export type ClaimedStatus = 'paid' | 'not_paid' | 'unclear';

/** A buyer's callback from a gateway. It is stored before anything else happens, so that none is lost. */
@Entity('payment_callbacks')
@Check('ck_payment_callbacks_claimed_status', "claimed_status IN ('paid', 'not_paid', 'unclear')")
// BRIN, which TypeORM does not know.
@Index('ix_payment_callbacks_received', { synchronize: false })
@Index('ix_payment_callbacks_attempt', ['attemptId'])
@Index('ix_payment_callbacks_unprocessed', ['receivedAt'], { where: 'processed_at IS NULL' })
export class PaymentCallback {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_payment_callbacks' })
  id!: string;

  @Column('uuid', { name: 'attempt_id' })
  @ForeignKey(() => PaymentAttempt, { name: 'fk_payment_callbacks_attempt' })
  attemptId!: string;

  @Column('varchar', { name: 'claimed_status', length: 20 })
  claimedStatus!: ClaimedStatus;

  /** The received query, cut to the size that a gateway may send. */
  @Column('jsonb')
  query!: Record<string, unknown>;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  /** When a capture that saw this callback began, or when the attempt's final answer was known. */
  @Column('timestamptz', { name: 'processed_at', nullable: true })
  processedAt!: Date | null;
}
