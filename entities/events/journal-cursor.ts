import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a reader of the journal has come that must miss nothing while its process is away. */
@Entity('journal_cursors')
@Check('ck_journal_cursors_snapshot', "snapshot ~ '^[0-9]+:[0-9]+:[0-9,]*$'")
export class JournalCursor {
  @PrimaryColumn('varchar', { length: 80, primaryKeyConstraintName: 'pk_journal_cursors' })
  consumer!: string;

  /** The text of a `pg_snapshot`: the consumer has handled every event that was visible in it. */
  @Column('text')
  snapshot!: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
