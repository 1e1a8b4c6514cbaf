import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Ticket } from './ticket';

/** How content a customer is with a resolution of their ticket. */
@Entity('ticket_ratings')
@Check('ck_ticket_ratings_score', 'score BETWEEN 1 AND 5')
@Check('ck_ticket_ratings_resolution', 'resolution > 0')
export class TicketRating {
  @PrimaryColumn('uuid', { name: 'ticket_id', primaryKeyConstraintName: 'pk_ticket_ratings' })
  @ForeignKey(() => Ticket, { name: 'fk_ticket_ratings_ticket' })
  ticketId!: string;

  /** The first time that the ticket was resolved, the second, and so on. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_ticket_ratings' })
  resolution!: number;

  /** 1 (bad) to 5. */
  @Column('smallint')
  score!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
