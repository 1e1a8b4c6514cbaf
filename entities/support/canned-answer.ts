import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { Team } from './ticket';

/** The longest text of a canned answer, in code points. */
export const LONGEST_CANNED_TEXT = 2_000;

/** An answer that a team gives often, with `{placeholders}`. */
@Entity('canned_answers')
@Check('ck_canned_answers_team', "team IN ('technical', 'billing', 'general')")
@Check('ck_canned_answers_code', "code ~ '^[a-z][a-z0-9-]*$'")
export class CannedAnswer {
  @PrimaryColumn('varchar', { length: 9, primaryKeyConstraintName: 'pk_canned_answers' })
  team!: Team;

  @PrimaryColumn('varchar', { length: 40, primaryKeyConstraintName: 'pk_canned_answers' })
  code!: string;

  @Column('varchar', { name: 'text_fa', length: LONGEST_CANNED_TEXT })
  textFa!: string;

  @Column('varchar', { name: 'text_en', length: LONGEST_CANNED_TEXT })
  textEn!: string;

  /** The names of the placeholders of both texts. */
  @Column('varchar', { length: 40, array: true })
  variables!: string[];

  /** Of a sequence for all of them: of one that is removed and added again, no version comes back. */
  @Column('integer', { default: 1 })
  version!: number;
}
