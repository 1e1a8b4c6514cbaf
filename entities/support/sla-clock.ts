import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Ticket } from './ticket';
import type { ClockKind } from './ticket-clocks';

/** A row of a ticket's clocks. Paused parts are booked in milliseconds: minutes would lose up to one with each pause. */
@Entity('sla_clocks')
@Index('ix_sla_clocks_running', ['ticketId'], { where: 'running_since IS NOT NULL' })
@Check('ck_sla_clocks_kind', "kind IN ('first_response', 'next_response', 'resolution')")
@Check('ck_sla_clocks_round', "round = 1 OR round > 1 AND kind = 'next_response'")
@Check('ck_sla_clocks_target', 'target_minutes BETWEEN 1 AND 10080')
@Check('ck_sla_clocks_used', 'used_ms >= 0')
@Check(
  'ck_sla_clocks_running',
  '(running_since IS NULL) = (due_at IS NULL) AND (running_since IS NULL) = (warn_at IS NULL)',
)
@Check('ck_sla_clocks_met', 'met_at IS NULL OR running_since IS NULL')
@Check('ck_sla_clocks_escalated', 'breached_at IS NOT NULL OR escalate_at IS NULL AND escalated_at IS NULL')
export class SlaClock {
  @PrimaryColumn('uuid', { name: 'ticket_id', primaryKeyConstraintName: 'pk_sla_clocks' })
  @ForeignKey(() => Ticket, { name: 'fk_sla_clocks_ticket' })
  ticketId!: string;

  @PrimaryColumn('varchar', { length: 14, primaryKeyConstraintName: 'pk_sla_clocks' })
  kind!: ClockKind;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_sla_clocks' })
  round!: number;

  @Column('integer', { name: 'target_minutes' })
  targetMinutes!: number;

  @Column('bigint', { name: 'used_ms' })
  usedMs!: number;

  @Column('timestamptz', { name: 'running_since', nullable: true })
  runningSince!: Date | null;

  @Column('timestamptz', { name: 'warn_at', nullable: true })
  warnAt!: Date | null;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('timestamptz', { name: 'warned_at', nullable: true })
  warnedAt!: Date | null;

  @Column('timestamptz', { name: 'breached_at', nullable: true })
  breachedAt!: Date | null;

  /** When its breach is escalated, if it still runs then. */
  @Column('timestamptz', { name: 'escalate_at', nullable: true })
  escalateAt!: Date | null;

  @Column('timestamptz', { name: 'escalated_at', nullable: true })
  escalatedAt!: Date | null;

  @Column('timestamptz', { name: 'met_at', nullable: true })
  metAt!: Date | null;
}
