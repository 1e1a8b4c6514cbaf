import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';

import { ANSWER_KINDS, type AnswerKind } from '../answers/answer-kinds';
import { Example } from '../openapi/example';
import { Nullable } from '../openapi/nullable';

/** How often answers came from where, since the process began. */
export class ServedView {
  /** The memory of this process. */
  @IsInt()
  @Min(0)
  l1!: number;

  /** Redis. */
  @IsInt()
  @Min(0)
  l2!: number;

  /** Postgres. */
  @IsInt()
  @Min(0)
  load!: number;

  /** An old answer, because Postgres failed. */
  @IsInt()
  @Min(0)
  stale!: number;

  /** Postgres, because the journal was not read. */
  @IsInt()
  @Min(0)
  bypass!: number;
}

/** A kind of answers in this process. */
export class KindView {
  @Example('list')
  @IsIn(ANSWER_KINDS)
  kind!: AnswerKind;

  /** The part of answers that needed no statement; null before the first. */
  @Example(0.97)
  @Nullable()
  @IsNumber()
  hitRatio!: number | null;

  @IsInt()
  @Min(0)
  entries!: number;

  @IsInt()
  @Min(0)
  bytes!: number;

  @ValidateNested()
  @Type(() => ServedView)
  served!: ServedView;
}

/** The cache of the process that answers. */
export class CacheView {
  /** Whether the journal is read, without which nothing is kept. */
  @IsBoolean()
  isOn!: boolean;

  /** Whether Redis answers in time. */
  @IsBoolean()
  isShared!: boolean;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => KindView)
  kinds!: KindView[];
}

/** A kept answer. */
export class EntryView {
  @Example('categories lang="fa"')
  @IsString()
  name!: string;

  @IsArray()
  @IsString({ each: true })
  tags!: string[];

  @IsInt()
  @Min(0)
  bytes!: number;

  /** Compressed; null where that saves nothing. */
  @Nullable()
  @IsInt()
  @Min(0)
  gzipBytes!: number | null;

  @Example('"2jmj7l5rSw0yVb_vlWAYkK_YBwk"')
  @IsString()
  etag!: string;

  @IsISO8601()
  freshUntil!: string;

  /** False once an event has ended it. */
  @IsBoolean()
  isValid!: boolean;

  /** The snapshot of the database that it was loaded after. */
  @Example('742:745:743')
  @IsString()
  snapshot!: string;
}

/** Kept answers of this process. */
export class EntriesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => EntryView)
  items!: EntryView[];
}

/** An answer where it is kept; null where it is not. */
export class InspectedView {
  /** In this process. */
  @Nullable()
  @ValidateNested()
  @Type(() => EntryView)
  local!: EntryView | null;

  /** In Redis. */
  @Nullable()
  @ValidateNested()
  @Type(() => EntryView)
  shared!: EntryView | null;
}
