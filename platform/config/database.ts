import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** Where Postgres is, and its time-outs. */
export class DatabaseConfig {
  @Setting(
    'The address of the Postgres database of the shop, for a role that needs no rights on the schema.',
    {
      secret: true,
      example: 'postgres://asoud_shop:asoud_shop@127.0.0.1:5432/asoud',
    },
  )
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseUrl!: string;

  @Setting(
    'How many connections a process opens to Postgres, where the API adds those of CATALOG_READS_AT_ONCE and SEARCHES_AT_ONCE and a node of sockets those of FAN_OUT_CONNECTIONS; more do not make it faster.',
  )
  @IsInt()
  @Min(1)
  @Max(500)
  databasePoolSize = 10;

  @Setting(
    'After how many milliseconds Postgres cancels a statement, and a process gives up a second later; keep it below the time-out of an activity.',
  )
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  databaseStatementTimeoutMs = 5_000;

  @Setting('After how many milliseconds Postgres ends a transaction that sends nothing.')
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  databaseIdleTransactionTimeoutMs = 5_000;

  @Setting('How many milliseconds a statement waits for a row lock; while it waits it occupies a connection.')
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

/** The role that maintains the tables, which the worker connects as at night. */
export class DatabaseMaintenanceConfig {
  @Setting(
    'The address of the same database for the role that renews statistics and indexes at night, which the set-up makes; without it that job does nothing and says so.',
    { secret: true, kind: 'text' },
  )
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseMaintenanceUrl?: string;
}

/** The owner of the tables, which only the set-up connects as. */
export class DatabaseOwnerConfig {
  @Setting(
    'The address of the same database for the owner of its tables, which migrates and gives the role of DATABASE_URL its rights; without it that role must be the owner.',
    { secret: true, kind: 'text' },
  )
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseOwnerUrl?: string;
}
