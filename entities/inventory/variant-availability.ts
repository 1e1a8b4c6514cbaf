import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The most units that the public is told of. */
export const SHOWN_UNITS = 20;

/** How many units of a variant the public is told of. Only triggers write it, with the events of its history. */
@Entity('variant_availability')
@Check('ck_variant_availability_shown', 'shown BETWEEN 0 AND 20')
export class VariantAvailability {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_variant_availability' })
  @ForeignKey('Variant', { name: 'fk_variant_availability_variant', onDelete: 'CASCADE' })
  id!: string;

  /** The free units of all locations that sell, at most 20. */
  @Column('integer', { default: 0 })
  shown!: number;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}
