import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A ticket that has opened a connection. Each opens one, and its row goes some time after it has expired. */
@Entity('used_tickets')
@Index('ix_used_tickets_expires', ['expiresAt'])
export class UsedTicket {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_used_tickets' })
  id!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
