import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

import { Variant } from '../catalog/variant';
import { StockLocation } from '../inventory/stock-location';
import type { Policy, PolicyInputs } from './policy';

/**
 * Why a need is not met. `no_supplier`: nobody delivers it. `no_inputs`: nothing was computed for it yet. `declined`: a person has
 * ended the order that met it.
 */
export type Stuck = 'no_supplier' | 'no_inputs' | 'declined';

/** How a variant is reordered at a location, or at all that sell. What is computed for it each night stands beside it. */
@Entity('replenishment_policies')
@Unique('uq_replenishment_policies_place', ['variantId', 'locationId'])
@Check('ck_replenishment_policies_band', '0 <= reorder_point AND reorder_point <= up_to')
@Check('ck_replenishment_policies_stuck', "stuck IN ('no_supplier', 'no_inputs', 'declined')")
@Check('ck_replenishment_policies_value_limit', 'value_limit >= 0')
export class ReplenishmentPolicy {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_replenishment_policies' })
  id!: string;

  @Column('uuid', { name: 'variant_id' })
  @ForeignKey(() => Variant, { name: 'fk_replenishment_policies_variant' })
  variantId!: string;

  /** Null: all locations that sell, together. */
  @Column('uuid', { name: 'location_id', nullable: true })
  @ForeignKey(() => StockLocation, { name: 'fk_replenishment_policies_location' })
  locationId!: string | null;

  @Column('jsonb')
  policy!: Policy;

  /** Rials: a person approves orders above it. Null: no limit. */
  @Column('bigint', { name: 'value_limit', nullable: true })
  valueLimit!: number | null;

  /** Nothing is ordered while it is. */
  @Column('boolean', { default: false })
  paused!: boolean;

  /** What the band was computed from. Null before it was. */
  @Column('jsonb', { nullable: true })
  inputs!: PolicyInputs | null;

  /** Units. */
  @Column('integer', { name: 'reorder_point', nullable: true })
  reorderPoint!: number | null;

  /** Units. */
  @Column('integer', { name: 'up_to', nullable: true })
  upTo!: number | null;

  @Column('date', { name: 'computed_on', nullable: true })
  computedOn!: string | null;

  @Column('varchar', { length: 20, nullable: true })
  stuck!: Stuck | null;

  /** When somebody last saved it. What people declined before does not count any more. */
  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt!: Date;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}
