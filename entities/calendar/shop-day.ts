import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A day of the shop and whether it is a holiday. Node fills the table ahead; staff correct what the moon decides. Week, half month and
 * Jalali date follow from the day itself.
 */
@Entity('calendar_days')
@Check('ck_calendar_days_support_hours', "support_hours <@ '{[0,1440)}'::int4multirange")
export class ShopDay {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_calendar_days' })
  day!: string;

  /** Its English name; null on other days. */
  @Column('varchar', { length: 80, nullable: true })
  holiday!: string | null;

  /** False for a date that was calculated and may move by a day. */
  @Column('boolean', { name: 'is_certain', default: true })
  isCertain!: boolean;

  /** Whether staff have said so. Others follow the calculation. */
  @Column('boolean', { name: 'is_corrected', default: false })
  isCorrected!: boolean;

  /** Minutes after midnight at which tickets are answered; null when the week and the holidays say it. */
  @Column('int4multirange', { name: 'support_hours', nullable: true })
  supportHours!: string | null;
}
