import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import type { SmsKind, SmsLanguage } from './sms-status';

/** What a variable of a template may be. */
export interface VariableRule {
  readonly name: string;
  /** `digits`: 0 to 9. `word`: no white space. `text`: one line. Kavenegar refuses white space in most of its tokens. */
  readonly form: 'digits' | 'word' | 'text';
  /** In characters. */
  readonly longest: number;
}

/** A text that the shop sends, in one language, with places for variables: `{code}`. `{host}` is the shop's own. */
@Entity('sms_templates')
@Check('ck_sms_templates_language', "language IN ('fa', 'en')")
@Check('ck_sms_templates_kind', "kind IN ('code', 'notice')")
@Check('ck_sms_templates_text', "text <> ''")
export class SmsTemplate {
  @PrimaryColumn('varchar', { length: 60, primaryKeyConstraintName: 'pk_sms_templates' })
  key!: string;

  @PrimaryColumn('varchar', { length: 2, primaryKeyConstraintName: 'pk_sms_templates' })
  language!: SmsLanguage;

  @Column('varchar', { length: 10 })
  kind!: SmsKind;

  @Column('varchar', { length: 900 })
  text!: string;

  @Column('jsonb')
  variables!: VariableRule[];

  /** Counts the changes of the text. */
  @Column('integer', { default: 1 })
  version!: number;
}

/** A provider's own template for the same text. */
@Entity('sms_template_bindings')
@ForeignKey(() => SmsTemplate, ['template', 'language'], ['key', 'language'], {
  name: 'fk_sms_template_bindings_template',
})
export class SmsTemplateBinding {
  @PrimaryColumn('varchar', { length: 60, primaryKeyConstraintName: 'pk_sms_template_bindings' })
  template!: string;

  @PrimaryColumn('varchar', { length: 2, primaryKeyConstraintName: 'pk_sms_template_bindings' })
  language!: SmsLanguage;

  @PrimaryColumn('varchar', { length: 40, primaryKeyConstraintName: 'pk_sms_template_bindings' })
  provider!: string;

  /** The provider's name or number of its template. */
  @Column('varchar', { length: 100 })
  name!: string;

  /** The provider's name of each variable, by ours. */
  @Column('jsonb')
  parameters!: Record<string, string>;
}
