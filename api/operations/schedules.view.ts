import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

const STATES = ['running', 'done', 'failed'] as const;

/** What a schedule did last. */
export class ScheduleRunView {
  @IsIn(STATES)
  state!: (typeof STATES)[number];

  @IsISO8601()
  startedAt!: string;

  @Nullable()
  @IsISO8601()
  endedAt!: string | null;

  /** What it did. */
  @Nullable()
  @IsObject()
  result!: Record<string, unknown> | null;

  @Example('connect ECONNREFUSED')
  @Nullable()
  @IsString()
  error!: string | null;

  /** In the Temporal UI. */
  @Example('payment-sweep-2026-11-27T08:00:00Z')
  @IsString()
  workflowId!: string;
}

/** What Temporal knows of a schedule. */
export class ScheduleStatusView {
  @IsBoolean()
  isPaused!: boolean;

  /** Why it was paused or resumed last. */
  @Example('The gateway asked us to wait')
  @Nullable()
  @IsString()
  note!: string | null;

  @Nullable()
  @IsISO8601()
  nextAt!: string | null;

  /** Whether a run of it is under way. */
  @IsBoolean()
  isRunning!: boolean;

  /** Runs that nobody started, because the service was away for too long. */
  @Example(0)
  @IsInt()
  @Min(0)
  missed!: number;

  /** Runs that were left out, because the one before was under way. */
  @Example(0)
  @IsInt()
  @Min(0)
  skipped!: number;
}

/** A recurring job of the shop. */
export class ScheduleView {
  @Example('payment-sweep')
  @IsString()
  id!: string;

  @Example('Finds lost callbacks and orders without a workflow')
  @IsString()
  summary!: string;

  /** How long it is between two runs, in seconds. */
  @Example(60)
  @IsInt()
  @Min(1)
  everySeconds!: number;

  /** Null where the set-up has not made it yet. */
  @Nullable()
  @ValidateNested()
  @Type(() => ScheduleStatusView)
  status!: ScheduleStatusView | null;

  /** Null before the first run. Skipped runs do not count. */
  @Nullable()
  @ValidateNested()
  @Type(() => ScheduleRunView)
  lastRun!: ScheduleRunView | null;

  @Nullable()
  @IsISO8601()
  lastSuccessAt!: string | null;

  /** Whether it has not succeeded for three intervals, although it is not paused. */
  @IsBoolean()
  isLate!: boolean;
}

/** Every recurring job. */
export class SchedulesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ScheduleView)
  items!: ScheduleView[];
}
