import { IsIn, IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every process needs to run and to stop. */
export class RuntimeConfig {
  @Setting('The kind of installation; in production a process refuses to start with unsafe settings.')
  @IsIn(['development', 'test', 'production'])
  nodeEnv: 'development' | 'test' | 'production' = 'development';

  @Setting('The lowest level of log lines to write: fatal, error, warn, info, debug, trace or silent.')
  @IsIn(LOG_LEVELS)
  logLevel: (typeof LOG_LEVELS)[number] = 'info';

  @Setting('How many milliseconds requests and activities in flight may continue after a stop was requested.')
  @IsInt()
  @Min(0)
  @Max(600_000)
  drainTimeMs = 20_000;

  @Setting('After how many milliseconds a process that has not stopped yet is ended by force.')
  @IsInt()
  @Min(100)
  @Max(900_000)
  stopLimitMs = 30_000;
}
