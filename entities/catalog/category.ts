import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A shelf of the shop. Categories form a tree: a product stands on one shelf and is found on all above it. */
@Entity('categories')
@Unique('uq_categories_slug', ['slug'])
@Index('ix_categories_parent', ['parentId', 'position'])
@Check('ck_categories_parent', 'parent_id <> id')
export class Category {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_categories' })
  id!: string;

  @Column('varchar', { length: 120 })
  slug!: string;

  @Column('varchar', { length: 200 })
  title!: string;

  @Column('uuid', { name: 'parent_id', nullable: true })
  @ForeignKey(() => Category, { name: 'fk_categories_parent' })
  parentId!: string | null;

  /** Where it stands among its siblings. */
  @Column('integer', { default: 0 })
  position!: number;
}
