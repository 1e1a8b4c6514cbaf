import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';

export const REPORT_REASONS = ['spam', 'abuse', 'fraud', 'other'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

/** What staff have done about it. */
export const REPORT_RESOLUTIONS = ['dismissed', 'message_deleted', 'room_archived'] as const;
export type ReportResolution = (typeof REPORT_RESOLUTIONS)[number];

/** A message that a member of its room wants staff to look at. */
@Entity('reports')
@Unique('uq_reports_once', ['roomId', 'seq', 'accountId'])
@ForeignKey('Message', ['roomId', 'seq'], ['roomId', 'seq'], {
  name: 'fk_reports_message',
  onDelete: 'CASCADE',
})
@Index('ix_reports_account', ['accountId'])
@Index('ix_reports_resolver', ['resolvedBy'])
@Index('ix_reports_open', ['id'], { where: 'resolution IS NULL' })
@Check('ck_reports_reason', "reason IN ('spam', 'abuse', 'fraud', 'other')")
@Check(
  'ck_reports_resolved',
  "(resolution IS NULL) = (resolved_at IS NULL) AND (resolution IS NULL) = (resolved_by IS NULL) AND resolution IN ('dismissed', 'message_deleted', 'room_archived')",
)
export class Report {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_reports' })
  id!: string;

  @Column('uuid', { name: 'room_id' })
  roomId!: string;

  @Column('integer')
  seq!: number;

  /** Who reports it. */
  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_reports_account' })
  accountId!: string;

  @Column('varchar', { length: 10 })
  reason!: ReportReason;

  @Column('varchar', { length: 500, default: '' })
  note!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('varchar', { length: 15, nullable: true })
  resolution!: ReportResolution | null;

  @Column('uuid', { name: 'resolved_by', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_reports_resolver' })
  resolvedBy!: string | null;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;
}
