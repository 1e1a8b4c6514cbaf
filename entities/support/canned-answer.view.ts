import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsString, ValidateNested } from 'class-validator';

import { Example } from '../describe/example';
import { TEAMS, type Team } from './ticket';

/** A canned answer of a team. */
export class CannedAnswerView {
  @Example('billing')
  @IsIn(TEAMS)
  team!: Team;

  @Example('refund-sent')
  @IsString()
  code!: string;

  @Example('مبلغ سفارش {order} برگشت داده شد.')
  @IsString()
  textFa!: string;

  @Example('The amount of order {order} was returned.')
  @IsString()
  textEn!: string;

  @Example(['order'])
  @IsString({ each: true })
  variables!: string[];

  /** For `If-Match`. */
  @Example(1)
  @IsInt()
  version!: number;
}

/** The canned answers of a team, by code. */
export class CannedAnswersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CannedAnswerView)
  items!: CannedAnswerView[];
}
