import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A signal that the relay cannot deliver, whatever it repeats. It waits for a person, who corrects the cause and retries it, or
 * drops it. A workflow that cannot be told again and again has one row.
 */
@Entity('relay_parked')
@Unique('uq_relay_parked_target', ['workflow', 'target'])
@Check('ck_relay_parked_times', 'times > 0')
@Index('ix_relay_parked_retries', ['id'], { where: 'retry_requested_at IS NOT NULL' })
export class ParkedSignal {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_relay_parked' })
  id!: string;

  /** The newest event of which the workflow does not know. Nothing refers to it: old events are removed one day. */
  @Column('bigint', { name: 'event_id' })
  eventId!: number;

  /** The workflow's type. */
  @Column('varchar', { length: 80 })
  workflow!: string;

  /** The workflow's id, or `event <id>` where none can be made of the event. */
  @Column('varchar', { length: 1000 })
  target!: string;

  /** What Temporal said, or what is wrong with the event. */
  @Column('varchar', { length: 500 })
  reason!: string;

  /** How often it could not be delivered. */
  @Column('integer', { default: 1 })
  times!: number;

  /** The last time that it could not be delivered. */
  @Column('timestamptz', { name: 'parked_at', default: () => 'now()' })
  parkedAt!: Date;

  /** Set when a person wants it to be tried again, until the relay has. */
  @Column('timestamptz', { name: 'retry_requested_at', nullable: true })
  retryRequestedAt!: Date | null;
}
