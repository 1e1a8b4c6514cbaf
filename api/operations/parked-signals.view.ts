import { Type } from 'class-transformer';
import { IsArray, IsInt, IsISO8601, IsString, IsUUID, Min, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** A signal to a workflow that cannot be delivered. */
export class ParkedSignalView {
  @IsUUID()
  id!: string;

  /** The newest event of which the workflow does not know. */
  @Example(4711)
  @IsInt()
  @Min(1)
  eventId!: number;

  /** The workflow's type. */
  @Example('numberChange')
  @IsString()
  workflow!: string;

  /** The workflow's id, or `event` and its id where none can be made of the event. */
  @Example('number-change:01990e3c-7a4b-7c1e-9d56-3f2a8b1c4d5e')
  @IsString()
  target!: string;

  /** What Temporal said, or what is wrong with the event. */
  @Example('exceeded workflow execution limit for signal events')
  @IsString()
  reason!: string;

  /** How often it could not be delivered. */
  @Example(1)
  @IsInt()
  @Min(1)
  times!: number;

  /** The last time that it could not be delivered. */
  @IsISO8601()
  parkedAt!: string;

  /** Since when it is to be tried again; null when nobody asks for it. */
  @Nullable()
  @IsISO8601()
  retryRequestedAt!: string | null;
}

/** A part of the parked signals, those that have waited longest first. */
export class ParkedSignalsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ParkedSignalView)
  items!: ParkedSignalView[];

  /** The `after` of the next part; null for the last. */
  @Nullable()
  @IsUUID()
  next!: string | null;
}
