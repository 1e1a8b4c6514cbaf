import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import type { TicketStatus } from './ticket-status';

export const TICKET_CATEGORIES = ['technical', 'billing', 'general', 'complaint', 'feature_request'] as const;
export type TicketCategory = (typeof TICKET_CATEGORIES)[number];

/** Who of the staff answers. */
export const TEAMS = ['technical', 'billing', 'general'] as const;
export type Team = (typeof TEAMS)[number];

/** The categories that a team answers. */
export const CATEGORIES_OF: Readonly<Record<Team, readonly TicketCategory[]>> = {
  technical: ['technical', 'feature_request'],
  billing: ['billing'],
  general: ['general', 'complaint'],
};

/** What a customer wants of the shop, as the customer sees it. Who changes anything of a ticket locks this row first. */
@Entity('tickets')
@Unique('uq_tickets_number', ['number'])
@Unique('uq_tickets_follows', ['followsId'])
@Index('ix_tickets_customer', ['customerId', 'number'])
@Index('ix_tickets_closed', ['closedAt'], { where: "closed_at IS NOT NULL AND subject <> ''" })
@Index('ix_tickets_waiting', ['number'], { where: "status <> 'closed'" })
@Check('ck_tickets_number', "number ~ '^TK[0-9]{8}$'")
@Check(
  'ck_tickets_category',
  "category IN ('technical', 'billing', 'general', 'complaint', 'feature_request')",
)
@Check(
  'ck_tickets_status',
  "status IN ('open', 'in_progress', 'pending_customer', 'pending_agent', 'resolved', 'closed')",
)
@Check(
  'ck_tickets_resolved',
  "(status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL) AND (status = 'closed') = (closed_at IS NOT NULL)",
)
export class Ticket {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_tickets' })
  id!: string;

  /** What people call it: `TK` and eight digits. */
  @Column('varchar', { length: 10 })
  number!: string;

  @Column('uuid', { name: 'customer_id' })
  @ForeignKey(() => Account, { name: 'fk_tickets_customer' })
  customerId!: string;

  @Column('varchar', { length: 15 })
  category!: TicketCategory;

  /** Empty once its customer was erased, or long after it was closed. */
  @Column('varchar', { length: 120 })
  subject!: string;

  @Column('varchar', { length: 16, default: 'open' })
  status!: TicketStatus;

  /** The closed ticket whose customer wrote again. */
  @Column('uuid', { name: 'follows_id', nullable: true })
  @ForeignKey(() => Ticket, { name: 'fk_tickets_follows' })
  followsId!: string | null;

  /** The number of the newest answer. */
  @Column('integer', { name: 'last_seq', default: 0 })
  lastSeq!: number;

  /** How often it was resolved. Each time can be rated once. */
  @Column('integer', { default: 0 })
  resolutions!: number;

  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}
