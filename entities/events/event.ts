import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * One line of the journal: something that happened to an aggregate, as the public may see it. Versions of an aggregate have
 * no gaps; `xid` is the transaction that wrote the row, by which readers order what commits late.
 */
@Entity('events')
@Unique('uq_events_version', ['aggregateType', 'aggregateId', 'version'])
@Check('ck_events_version', 'version > 0')
@Index('ix_events_xid', ['xid'])
export class ShopEvent {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_events',
  })
  id!: number;

  /** The default is `pg_current_xact_id()::text::bigint`; this is how TypeORM reads it back, without the casts. */
  @Column('bigint', { default: () => '((pg_current_xact_id()))' })
  xid!: number;

  @Column('varchar', { name: 'aggregate_type', length: 40 })
  aggregateType!: string;

  @Column('uuid', { name: 'aggregate_id' })
  aggregateId!: string;

  @Column('integer')
  version!: number;

  @Column('varchar', { length: 80 })
  type!: string;

  @Column('jsonb')
  payload!: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
