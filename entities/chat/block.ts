import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';

/** Somebody who does not want to hear of another person. In the direct room of the two, neither can write. */
@Entity('blocks')
@Index('ix_blocks_blocked', ['blockedId'])
@Check('ck_blocks_other', 'account_id <> blocked_id')
export class Block {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_blocks' })
  @ForeignKey(() => Account, { name: 'fk_blocks_account' })
  accountId!: string;

  @PrimaryColumn('uuid', { name: 'blocked_id', primaryKeyConstraintName: 'pk_blocks' })
  @ForeignKey(() => Account, { name: 'fk_blocks_blocked' })
  blockedId!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
