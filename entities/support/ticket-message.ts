import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import { LONGEST_TEXT } from '../chat/message';
import { Ticket } from './ticket';

/** An `answer` is for customer and staff. Only staff see a `note`. */
export const TICKET_MESSAGE_KINDS = ['answer', 'note'] as const;
export type TicketMessageKind = (typeof TICKET_MESSAGE_KINDS)[number];

/** What somebody has written on a ticket. Notes have numbers of their own, so that no gap tells the customer of them. */
@Entity('ticket_messages')
@Unique('uq_ticket_messages_client', ['senderId', 'ticketId', 'clientId'])
@Check('ck_ticket_messages_kind', "kind IN ('answer', 'note')")
@Check('ck_ticket_messages_note', "kind = 'answer' OR NOT is_from_customer")
@Check('ck_ticket_messages_seq', 'seq > 0')
@Check('ck_ticket_messages_erased', "text <> '' OR request_digest IS NULL")
export class TicketMessage {
  @PrimaryColumn('uuid', { name: 'ticket_id', primaryKeyConstraintName: 'pk_ticket_messages' })
  @ForeignKey(() => Ticket, { name: 'fk_ticket_messages_ticket' })
  ticketId!: string;

  @PrimaryColumn('varchar', { length: 6, primaryKeyConstraintName: 'pk_ticket_messages' })
  kind!: TicketMessageKind;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_ticket_messages' })
  seq!: number;

  @Column('uuid', { name: 'sender_id' })
  @ForeignKey(() => Account, { name: 'fk_ticket_messages_sender' })
  senderId!: string;

  /** Somebody of the staff may be a customer, too. */
  @Column('boolean', { name: 'is_from_customer' })
  isFromCustomer!: boolean;

  /** Made by the sender's client: sent again, it is the same message. */
  @Column('uuid', { name: 'client_id' })
  clientId!: string;

  /** Of what was sent. Null once the text was erased: a short text could be guessed from its digest. */
  @Column('varchar', { name: 'request_digest', length: 64, nullable: true })
  requestDigest!: string | null;

  /** Empty once the customer of the ticket was erased, or long after it was closed. */
  @Column('varchar', { length: LONGEST_TEXT })
  text!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
