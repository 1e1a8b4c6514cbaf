import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Ticket } from './ticket';

export const TICKET_PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

/** What only staff know of a ticket. Its row is guarded by the lock of the ticket. */
@Entity('ticket_desks')
@Index('ix_ticket_desks_assignee', ['assigneeId'], { where: 'assignee_id IS NOT NULL' })
@Check('ck_ticket_desks_priority', "priority IN ('low', 'medium', 'high', 'urgent')")
export class TicketDesk {
  /** Of the ticket. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_ticket_desks' })
  @ForeignKey(() => Ticket, { name: 'fk_ticket_desks_ticket' })
  id!: string;

  @Column('varchar', { length: 6 })
  priority!: TicketPriority;

  @Column('uuid', { name: 'assignee_id', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_ticket_desks_assignee' })
  assigneeId!: string | null;

  /** Who of the staff has put it back into the queue: it is not handed out to this person by itself. */
  @Column('uuid', { name: 'passed_by', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_ticket_desks_passed' })
  passedBy!: string | null;

  /** The number of the newest note. */
  @Column('integer', { name: 'last_note_seq', default: 0 })
  lastNoteSeq!: number;

  @Column('integer', { default: 0 })
  version!: number;
}
