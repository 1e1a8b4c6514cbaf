import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A category of products. Categories form a tree: a product belongs to one and is found in all above it. */
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

  /** Its name in English; null where it has none, and the Persian one is shown. */
  @Column('varchar', { name: 'title_en', length: 200, nullable: true })
  titleEn!: string | null;

  @Column('uuid', { name: 'parent_id', nullable: true })
  @ForeignKey(() => Category, { name: 'fk_categories_parent' })
  parentId!: string | null;

  /** Its place among its siblings. */
  @Column('integer', { default: 0 })
  position!: number;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}
