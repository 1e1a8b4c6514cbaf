import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import type { SmsLanguage } from '../sms/sms-status';
import { NotificationBox } from './notification-box';

/** Whether messages that can wait come one by one, or as one a day. */
export const DIGESTS = ['off', 'daily'] as const;
export type Digest = (typeof DIGESTS)[number];

/** When and in which language somebody wants messages. Without a row the defaults count. */
@Entity('notification_settings')
@Check('ck_notification_settings_locale', "locale IN ('fa', 'en')")
@Check('ck_notification_settings_quiet', 'quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439')
@Check('ck_notification_settings_digest', "digest IN ('off', 'daily') AND digest_hour BETWEEN 0 AND 23")
export class NotificationSettings {
  @PrimaryColumn('uuid', { name: 'box_id', primaryKeyConstraintName: 'pk_notification_settings' })
  @ForeignKey(() => NotificationBox, { name: 'fk_notification_settings_box' })
  boxId!: string;

  /** Of the IANA. Rows from before canonical names were stored may have another spelling. */
  @Column('varchar', { length: 64 })
  zone!: string;

  /** Null: the language of the profile. */
  @Column('varchar', { length: 2, nullable: true })
  locale!: SmsLanguage | null;

  /** Minutes after midnight. A range over midnight is one; equal ends are none. */
  @Column('smallint', { name: 'quiet_from' })
  quietFrom!: number;

  @Column('smallint', { name: 'quiet_to' })
  quietTo!: number;

  @Column('varchar', { length: 5 })
  digest!: Digest;

  @Column('smallint', { name: 'digest_hour' })
  digestHour!: number;
}
