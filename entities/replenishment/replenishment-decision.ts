import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Transfer } from '../transfers/transfer';
import type { Decision } from './decide';
import { ReplenishmentPolicy } from './replenishment-policy';

/** A need that was met, with everything that led to it. Never changed. */
@Entity('replenishment_decisions')
@Index('ix_replenishment_decisions_policy', { synchronize: false })
@Check('ck_replenishment_decisions_units', 'transferred >= 0 AND ordered >= 0 AND transferred + ordered > 0')
@Check(
  'ck_replenishment_decisions_order',
  '(ordered > 0) = (order_id IS NOT NULL) AND (transferred > 0) = (transfer_id IS NOT NULL)',
)
export class ReplenishmentDecision {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_replenishment_decisions' })
  id!: string;

  @Column('uuid', { name: 'policy_id' })
  @ForeignKey(() => ReplenishmentPolicy, { name: 'fk_replenishment_decisions_policy' })
  policyId!: string;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  @Column('jsonb')
  why!: Decision;

  /** Units that come from another location. */
  @Column('integer', { default: 0 })
  transferred!: number;

  /** Units that a supplier is asked for. */
  @Column('integer', { default: 0 })
  ordered!: number;

  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  @Column('uuid', { name: 'transfer_id', nullable: true })
  @ForeignKey(() => Transfer, { name: 'fk_replenishment_decisions_transfer' })
  transferId!: string | null;
}
