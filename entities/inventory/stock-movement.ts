import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { StockLevel } from './stock-level';

/** Why stock changed. */
export const MOVEMENT_REASONS = [
  'initial',
  'received',
  'sale',
  'correction',
  'return',
  'cancellation',
  'transfer_out',
  'transfer_in',
] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

/** Why stock was corrected. */
export const CORRECTION_CAUSES = ['count', 'damaged', 'lost', 'found', 'expired', 'sample', 'other'] as const;
export type CorrectionCause = (typeof CORRECTION_CAUSES)[number];

/**
 * One change of the stock on hand, immutable. `reason` and `ref` name the business act, so that one act is booked once.
 */
@Entity('stock_movements')
@Unique('uq_stock_movements_act', ['reason', 'ref', 'variantId', 'locationId'])
@ForeignKey(() => StockLevel, ['variantId', 'locationId'], ['variantId', 'locationId'], {
  name: 'fk_stock_movements_level',
})
@Index('ix_stock_movements_created_at', { synchronize: false })
@Check('ck_stock_movements_delta', 'delta <> 0')
@Check('ck_stock_movements_on_hand_after', 'on_hand_after >= 0')
@Check(
  'ck_stock_movements_reason',
  "reason IN ('initial', 'received', 'sale', 'correction', 'return', 'cancellation', 'transfer_out', 'transfer_in')",
)
@Check(
  'ck_stock_movements_cause',
  "(reason = 'correction') = (cause IS NOT NULL) AND cause IN ('count', 'damaged', 'lost', 'found', 'expired', 'sample', 'other')",
)
export class StockMovement {
  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_stock_movements' })
  variantId!: string;

  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'pk_stock_movements' })
  locationId!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_stock_movements' })
  seq!: number;

  @Column('integer')
  delta!: number;

  @Column('integer', { name: 'on_hand_after' })
  onHandAfter!: number;

  @Column('varchar', { length: 20 })
  reason!: MovementReason;

  @Column('varchar', { length: 100 })
  ref!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** The account of whoever booked it. Null for the shop itself. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId!: string | null;

  /** What staff wrote about it. */
  @Column('varchar', { length: 300, nullable: true })
  note!: string | null;

  /** Set for corrections. */
  @Column('varchar', { length: 12, nullable: true })
  cause!: CorrectionCause | null;
}
