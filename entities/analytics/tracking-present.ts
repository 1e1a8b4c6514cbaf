import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A session that did something within a minute, whatever it did how often: who is there is counted without the events. The rows of
 * some minutes are kept.
 */
@Entity('tracking_present')
@Check('ck_tracking_present_weight', 'weight >= 1')
export class TrackingPresent {
  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'pk_tracking_present' })
  minute!: Date;

  /** As in `tracking_events`: a hash with the salt of the day. */
  @PrimaryColumn('varchar', { length: 32, primaryKeyConstraintName: 'pk_tracking_present' })
  session!: string;

  /** For how many sessions this one stands. */
  @Column('integer')
  weight!: number;
}
