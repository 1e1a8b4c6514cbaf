import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import type { Action } from '../auth/policy';

/** What an action of staff was done to. */
export type ActedOn =
  | 'analytics'
  | 'answer_cache'
  | 'account'
  | 'calendar_day'
  | 'campaign'
  | 'canned_answer'
  | 'catalog_import'
  | 'category'
  | 'order'
  | 'parked_signal'
  | 'product'
  | 'purchase_order'
  | 'recommendations'
  | 'replenishment'
  | 'room'
  | 'schedule'
  | 'sla_target'
  | 'sms_message'
  | 'stock_count'
  | 'stock_import'
  | 'stock_level'
  | 'stock_location'
  | 'stock_subscription'
  | 'stock_transfer'
  | 'supplier'
  | 'ticket';

/**
 * A row of the record of what staff have done. It is written in the transaction of the change and never changed or removed. It
 * holds ids and reasons, nothing personal.
 */
@Entity('staff_actions')
@Index('ix_staff_actions_cancelled', ['objectId'], { where: "action = 'order.cancel'" })
export class StaffAction {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_staff_actions',
  })
  id!: number;

  /** Who did it. */
  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_staff_actions_account' })
  accountId!: string;

  /** In which session. Its row may go with its person, so nothing refers to it. */
  @Column('uuid', { name: 'session_id' })
  sessionId!: string;

  @Column('varchar', { length: 60 })
  action!: Action;

  @Column('varchar', { name: 'object_type', length: 40 })
  objectType!: ActedOn;

  /** Null where nothing was found. */
  @Column('uuid', { name: 'object_id', nullable: true })
  objectId!: string | null;

  @Column('jsonb')
  details!: Record<string, unknown>;

  /** In the log lines of the same request. */
  @Column('varchar', { name: 'request_id', length: 128 })
  requestId!: string;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;
}
