import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A step that has happened. Its key outlives Temporal's retention, so it never happens a second time. */
@Entity('processed_steps')
// BRIN, which TypeORM does not know.
@Index('ix_processed_steps_created', { synchronize: false })
export class ProcessedStep {
  @PrimaryColumn('varchar', { length: 200, primaryKeyConstraintName: 'pk_processed_steps' })
  key!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
