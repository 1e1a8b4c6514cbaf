import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import { SmsMessage } from '../sms/sms-message';
import { StockAlert } from './stock-alert';
import type { StockAudience } from './stock-subscription';

/** That somebody is told of an alert, by which message. Nobody is told of one alert twice. */
@Entity('stock_notices')
@Check('ck_stock_notices_audience', "audience IN ('staff', 'customer')")
@Unique('uq_stock_notices_message', ['messageId'])
@Index('ix_stock_notices_created', { synchronize: false })
@Index('ix_stock_notices_account', ['accountId'])
export class StockNotice {
  @PrimaryColumn('uuid', { name: 'alert_id', primaryKeyConstraintName: 'pk_stock_notices' })
  @ForeignKey(() => StockAlert, { name: 'fk_stock_notices_alert', onDelete: 'CASCADE' })
  alertId!: string;

  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_stock_notices' })
  @ForeignKey(() => Account, { name: 'fk_stock_notices_account' })
  accountId!: string;

  @PrimaryColumn('varchar', { length: 8, primaryKeyConstraintName: 'pk_stock_notices' })
  audience!: StockAudience;

  @Column('uuid', { name: 'message_id' })
  @ForeignKey(() => SmsMessage, { name: 'fk_stock_notices_message' })
  messageId!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
