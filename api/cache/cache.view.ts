import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { ANSWER_KINDS, type AnswerKind } from '../answers/answer-kinds';

const WARMING_STATES = ['running', 'done', 'failed'] as const;

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

/** Where a run is that warms the cache. */
export class WarmingProgressView {
  /** Whether it asks for the addresses again, to see what came of it. */
  @IsBoolean()
  isChecking!: boolean;

  /** How many of the addresses it has asked for. */
  @Example(120)
  @IsInt()
  @Min(0)
  at!: number;

  @Example(500)
  @IsInt()
  @Min(0)
  addresses!: number;
}

/** The last run that warmed the cache, of all processes. */
export class WarmingView {
  @IsIn(WARMING_STATES)
  state!: (typeof WARMING_STATES)[number];

  @IsISO8601()
  startedAt!: string;

  @Nullable()
  @IsISO8601()
  endedAt!: string | null;

  /** Null when it does not run, has just begun, or Temporal did not answer. */
  @Nullable()
  @ValidateNested()
  @Type(() => WarmingProgressView)
  progress!: WarmingProgressView | null;

  /** What it did, with the part of hot traffic that the cache had before and after. */
  @Nullable()
  @IsObject()
  result!: Record<string, unknown> | null;

  /** Why it failed. */
  @Example('the API did not answer at 127.0.0.1:3000')
  @Nullable()
  @IsString()
  error!: string | null;
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

  /** Null before the first run. */
  @Nullable()
  @ValidateNested()
  @Type(() => WarmingView)
  warming!: WarmingView | null;
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
