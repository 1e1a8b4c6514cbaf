import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import type { Team } from './ticket';

/** Somebody of the staff who takes tickets as they come. */
@Entity('support_agents')
@Check(
  'ck_support_agents_teams',
  "cardinality(teams) > 0 AND teams <@ ARRAY['technical', 'billing', 'general']::varchar[]",
)
@Check('ck_support_agents_most', 'most BETWEEN 1 AND 50')
export class SupportAgent {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_support_agents' })
  @ForeignKey(() => Account, { name: 'fk_support_agents_account' })
  accountId!: string;

  /** Whose tickets. */
  @Column('varchar', { length: 9, array: true })
  teams!: Team[];

  /** With so many tickets to work on they get no other one by themselves. */
  @Column('integer')
  most!: number;

  /** When a ticket was given to them last. Null: none since they became ready. */
  @Column('timestamptz', { name: 'last_given_at', nullable: true })
  lastGivenAt!: Date | null;

  /** They say so again before it. */
  @Column('timestamptz', { name: 'ready_until' })
  readyUntil!: Date;
}
