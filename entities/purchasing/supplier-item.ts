import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Supplier } from './supplier';

/** A variant as a supplier sells it. */
@Entity('supplier_items')
@Check('ck_supplier_items_pack', 'pack BETWEEN 1 AND 100000')
@Check('ck_supplier_items_minimum_order', 'minimum_order BETWEEN 1 AND 10000000')
@Check('ck_supplier_items_unit_cost', 'unit_cost BETWEEN 0 AND 1000000000000')
@Unique('uq_supplier_items_sku', ['supplierId', 'supplierSku'])
@Index('uq_supplier_items_preferred', ['variantId'], { unique: true, where: 'preferred' })
export class SupplierItem {
  @PrimaryColumn('uuid', { name: 'supplier_id', primaryKeyConstraintName: 'pk_supplier_items' })
  @ForeignKey(() => Supplier, { name: 'fk_supplier_items_supplier' })
  supplierId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_supplier_items' })
  @ForeignKey('Variant', { name: 'fk_supplier_items_variant' })
  variantId!: string;

  /** The supplier's own name for it. */
  @Column('varchar', { name: 'supplier_sku', length: 100 })
  supplierSku!: string;

  /** Only whole packs are ordered. */
  @Column('integer', { default: 1 })
  pack!: number;

  @Column('integer', { name: 'minimum_order', default: 1 })
  minimumOrder!: number;

  /** Rials per unit. Null when unknown. Only admins set it. */
  @Column('bigint', { name: 'unit_cost', nullable: true })
  unitCost!: number | null;

  /** Whether the variant is ordered here by itself. One supplier per variant. */
  @Column('boolean', { default: false })
  preferred!: boolean;
}
