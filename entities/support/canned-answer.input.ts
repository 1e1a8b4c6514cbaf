import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';

import { Example } from '../describe/example';
import { Line, Prose } from '../input/line';
import { MayBeAbsent } from '../input/may-be-absent';
import { LONGEST_CANNED_TEXT } from './canned-answer';
import { TEAMS, type Team } from './ticket';

/** The most variables of a canned answer. */
const VARIABLES_AT_MOST = 20;
const VARIABLE = /^[a-z][a-zA-Z0-9]{0,39}$/;

/** For the code of a canned answer. */
export function CannedCode(): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of [Example('refund-sent'), IsString(), Length(1, 40), Matches(/^[a-z][a-z0-9-]*$/)])
      decorate(prototype, property);
  };
}

/** A value for a placeholder. */
export class ValueInput {
  @Example('order')
  @IsString()
  @Matches(VARIABLE)
  name!: string;

  @Example('100042')
  @Line(200)
  value!: string;
}

/** A canned answer with its values. */
export class CannedChoiceInput {
  @Example('billing')
  @IsIn(TEAMS)
  team!: Team;

  @CannedCode()
  code!: string;

  @Example('fa')
  @IsIn(['fa', 'en'])
  language!: 'fa' | 'en';

  /** One for each variable of the answer. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(VARIABLES_AT_MOST)
  @ArrayUnique(({ name }: ValueInput) => name)
  @ValidateNested({ each: true })
  @Type(() => ValueInput)
  values: ValueInput[] = [];
}

/** A canned answer. Both texts have exactly the variables, as `{placeholders}`. */
export class CannedAnswerInput {
  @Example('مبلغ سفارش {order} برگشت داده شد.')
  @Prose(LONGEST_CANNED_TEXT)
  textFa!: string;

  @Example('The amount of order {order} was returned.')
  @Prose(LONGEST_CANNED_TEXT)
  textEn!: string;

  @Example(['order'])
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(VARIABLES_AT_MOST)
  @IsString({ each: true })
  @Matches(VARIABLE, { each: true })
  variables!: string[];
}
