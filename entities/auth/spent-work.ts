import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A proof of work that was used. Each counts once, and its row goes some time after it has expired. */
@Entity('spent_work')
@Check('ck_spent_work_nonce', "nonce <> ''")
@Index('ix_spent_work_expires', ['expiresAt'])
export class SpentWork {
  /** The random part of the challenge. One challenge may have several solutions. */
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'pk_spent_work' })
  nonce!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
