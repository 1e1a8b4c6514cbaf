import { IsIn, IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every process needs to run and to stop. */
export class RuntimeConfig {
  @Setting('What the process runs for; production refuses to start with unsafe settings.')
  @IsIn(['development', 'test', 'production'])
  nodeEnv: 'development' | 'test' | 'production' = 'development';

  @Setting(
    'The least important log lines to write, one of fatal, error, warn, info, debug, trace and silent.',
  )
  @IsIn(LOG_LEVELS)
  logLevel: (typeof LOG_LEVELS)[number] = 'info';

  @Setting(
    'How long, in milliseconds, requests and activities in flight may go on after a stop was asked for.',
  )
  @IsInt()
  @Min(0)
  @Max(600_000)
  drainTimeMs = 20_000;

  @Setting('After how many milliseconds a process that was asked to stop and has not is ended by force.')
  @IsInt()
  @Min(100)
  @Max(900_000)
  stopLimitMs = 30_000;
}
