import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { TrackedName } from './tracking.input';

/**
 * Something that a visitor did, as their browser told it. It names nobody. The table has a partition for each day, in the schema
 * `tracking`, which goes as a whole.
 */
@Entity('tracking_events')
@Check('ck_tracking_events_weight', 'weight >= 1')
export class TrackingEvent {
  /** The day in Tehran of the client's id, at most one from that of its arrival: a repeat meets the same key. */
  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_tracking_events' })
  day!: string;

  /** The client's UUIDv7. */
  @PrimaryColumn('uuid', { name: 'event_id', primaryKeyConstraintName: 'pk_tracking_events' })
  eventId!: string;

  /** A hash of the client's session with the salt of the day. Nobody can join the visits of two days. */
  @Column('varchar', { length: 32 })
  session!: string;

  @Column('varchar', { length: 20 })
  name!: TrackedName;

  /** What the class of the name lets in: ids of the catalogue, numbers and words of fixed lists. */
  @Column('jsonb')
  props!: Record<string, unknown>;

  /** When the client says it was, within the day. */
  @Column('timestamptz')
  at!: Date;

  /** For how many sessions this one stands. */
  @Column('integer')
  weight!: number;
}
