import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A row of the journal: something that happened to an aggregate, as the public may see it. The versions of an aggregate have no
 * gaps. `xid` is the transaction that wrote the row; readers need it to order late commits.
 */
@Entity('events')
@Unique('uq_events_version', ['aggregateType', 'aggregateId', 'version'])
@Check('ck_events_version', 'version > 0')
@Index('ix_events_xid', ['xid'])
@Index('ix_events_of_figures', ['createdAt'], {
  where:
    "type IN ('order.created', 'order.payment_opened', 'order.payment_unavailable', 'order.paid', 'order.payment_refunded')",
})
export class ShopEvent {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_events',
  })
  id!: number;

  /** The default is `pg_current_xact_id()::text::bigint`. TypeORM reads it back like this, without the casts. */
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
