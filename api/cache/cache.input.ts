import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { WholeNumber } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';

const LONGEST_NAME = 1_000;

/** Which kept answers. */
export class EntriesQuery {
  /** Names of answers, in which `*` stands for any characters; `list *` are all lists. */
  @Example('list *')
  @IsOptional()
  @IsString()
  @Length(1, 200)
  pattern = '*';

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}

/** Which answer. */
export class EntryQuery {
  /** The name of an answer, as the list of entries has it. */
  @Example('categories lang="fa"')
  @IsString()
  @Length(1, LONGEST_NAME)
  name!: string;
}

/** What is loaded again. */
export class InvalidateInput {
  /** `products` for all lists, `categories` for the tree and all that has names of it, `product:` and an id for a product. */
  @Example(['products'])
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(20)
  @Matches(/^(products|categories|product:[0-9a-f-]{36})$/, { each: true })
  tags: string[] = [];

  /** Names of answers, in which `*` stands for any characters. */
  @Example('search *')
  @MayBeAbsent()
  @IsString()
  @Length(1, 200)
  pattern?: string;
}
