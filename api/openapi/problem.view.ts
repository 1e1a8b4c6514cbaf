import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';

import { ERRORS } from '../../entities/errors';

/** One thing wrong with one part of the request. */
export class FieldErrorView {
  @IsIn(['body', 'query', 'path', 'header'])
  in!: string;

  @IsString()
  field!: string;

  @IsString()
  rule!: string;

  @IsString()
  detail!: string;
}

/** Every failure, after RFC 9457. A refusal may tell more in fields of its own. */
export class ProblemView {
  @IsString()
  type!: string;

  @IsString()
  title!: string;

  @IsInt()
  status!: number;

  @IsIn(Object.keys(ERRORS))
  code!: string;

  @IsString()
  requestId!: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FieldErrorView)
  errors?: FieldErrorView[];
}
