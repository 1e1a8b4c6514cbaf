import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What the sessions of a day are hashed with. It is removed once no event of the day can come, and then no hash can be made again. */
@Entity('tracking_salts')
@Check('ck_tracking_salts_salt', 'length(salt) = 32')
export class TrackingSalt {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_tracking_salts' })
  day!: string;

  @Column('bytea')
  salt!: Buffer;
}
