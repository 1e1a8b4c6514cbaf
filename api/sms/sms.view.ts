import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import type {
  SmsAttemptStatus,
  SmsDelivery,
  SmsKind,
  SmsLanguage,
  SmsOperation,
  SmsStatus,
} from '../../entities/sms/sms-status';
import { SMS_ATTEMPT_TRANSITIONS, SMS_TRANSITIONS } from '../../entities/sms/sms-status';
import type { VariableRule } from '../../entities/sms/sms-template';

/** What a send cost, in the provider's own unit. Units differ, so costs of two providers cannot be added. */
export class SmsCostView {
  /** An exact decimal. */
  @Example('120')
  @IsString()
  amount!: string;

  /** `rial`, `credit`, or an ISO 4217 code. */
  @Example('rial')
  @IsString()
  unit!: string;
}

/** One send of a message through one provider. */
export class SmsAttemptView {
  @IsUUID()
  id!: string;

  @Example('kavenegar')
  @IsString()
  provider!: string;

  /** Whether the provider filled in its own template, or got the whole text. */
  @IsIn(['template', 'text'] satisfies SmsOperation[])
  operation!: SmsOperation;

  /** `unknown`: no answer came, and the message may have gone out. `not_sent`: it surely has not. */
  @IsIn(Object.keys(SMS_ATTEMPT_TRANSITIONS))
  status!: SmsAttemptStatus;

  /** Why the provider refused: `stop` (the recipient), `bug` (our request), `config` (our account) or `overload`. */
  @Nullable()
  @IsIn(['stop', 'bug', 'config', 'overload'])
  refusal!: string | null;

  /** The provider's own code of the refusal. */
  @Example('418')
  @Nullable()
  @IsString()
  code!: string | null;

  /** What it means, in English. */
  @Example('no credit')
  @Nullable()
  @IsString()
  explanation!: string | null;

  @Nullable()
  @ValidateNested()
  @Type(() => SmsCostView)
  cost!: SmsCostView | null;

  /** How long the provider took to answer, in milliseconds. */
  @Example(140)
  @Nullable()
  @IsInt()
  @Min(0)
  latencyMs!: number | null;

  /** Whether it tried a provider that was left out because it had failed. */
  @Example(false)
  @IsBoolean()
  isProbe!: boolean;

  /** What the provider reported last; null before the first report. */
  @Nullable()
  @IsIn(['pending', 'undelivered', 'delivered', 'failed'] satisfies SmsDelivery[])
  delivery!: SmsDelivery | null;

  @IsISO8601()
  startedAt!: string;

  @Nullable()
  @IsISO8601()
  deliveredAt!: string | null;
}

/** A message, with every send of it. */
export class SmsMessageView {
  @IsUUID()
  id!: string;

  /** A `code` is worth nothing after its lifetime and may go out twice. A `notice` must not. */
  @IsIn(['code', 'notice'] satisfies SmsKind[])
  kind!: SmsKind;

  @Example('order_paid')
  @IsString()
  template!: string;

  @IsIn(['fa', 'en'] satisfies SmsLanguage[])
  language!: SmsLanguage;

  /** The recipient's number without its middle. */
  @Example('+98912•••4567')
  @IsString()
  to!: string;

  /** `ambiguous`: it may have gone out, and a person must decide. `unconfirmed`: it may have arrived, nobody knows. */
  @IsIn(Object.keys(SMS_TRANSITIONS))
  status!: SmsStatus;

  /** Why it was refused or failed. */
  @Example('418')
  @Nullable()
  @IsString()
  reason!: string | null;

  @IsISO8601()
  createdAt!: string;

  /** When a code stops being of use. */
  @Nullable()
  @IsISO8601()
  expiresAt!: string | null;

  @Nullable()
  @IsISO8601()
  finishedAt!: string | null;

  /** Oldest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SmsAttemptView)
  attempts!: SmsAttemptView[];
}

/** A variable of a template. */
export class SmsVariableView implements VariableRule {
  @Example('number')
  @IsString()
  name!: string;

  /** `digits`: 0 to 9. `word`: no white space. `text`: one line. */
  @IsIn(['digits', 'word', 'text'] satisfies VariableRule['form'][])
  form!: VariableRule['form'];

  /** In characters. */
  @Example(20)
  @IsInt()
  @Min(1)
  longest!: number;
}

/** A text that messages are made of. */
export class SmsTemplateView {
  @Example('order_paid')
  @IsString()
  key!: string;

  @IsIn(['fa', 'en'] satisfies SmsLanguage[])
  language!: SmsLanguage;

  @IsIn(['code', 'notice'] satisfies SmsKind[])
  kind!: SmsKind;

  /** With a place in braces for each variable. `{host}` is the shop's own. */
  @Example('سفارش {number} پرداخت شد')
  @IsString()
  text!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SmsVariableView)
  variables!: SmsVariableView[];
}

/** Every template. */
export class SmsTemplatesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SmsTemplateView)
  items!: SmsTemplateView[];
}
