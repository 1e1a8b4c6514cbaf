import { IsInt, Matches, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** Where Postgres is and how long it may be kept waiting. */
export class DatabaseConfig {
  @Setting('The address of the Postgres database that holds what is true about the shop.', {
    secret: true,
    example: 'postgres://asoud:asoud@127.0.0.1:5432/asoud',
  })
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseUrl!: string;

  @Setting('How many connections a process keeps to Postgres; more make waiting, not speed.')
  @IsInt()
  @Min(1)
  @Max(500)
  databasePoolSize = 10;

  @Setting(
    'After how many milliseconds Postgres cancels a statement; keep it below the time-out of an activity.',
  )
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  databaseStatementTimeoutMs = 5_000;

  @Setting('After how many milliseconds Postgres ends a transaction whose process has fallen silent.')
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  databaseIdleTransactionTimeoutMs = 5_000;

  @Setting('How many milliseconds a statement waits for a row lock; those who wait occupy the pool.')
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  databaseLockTimeoutMs = 750;

  @Setting('How many milliseconds a request waits for a free connection before the answer is 503.')
  @IsInt()
  @Min(10)
  @Max(600_000)
  databaseConnectTimeoutMs = 8_000;
}
