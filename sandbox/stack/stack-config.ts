import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

import { Setting } from '../../platform/config/setting';

/** Settings of the launcher: your own servers, programs and ports. */
export class StackConfig {
  @Setting('A Postgres database to use instead of the embedded one.', { secret: true, kind: 'text' })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseUrl?: string;

  @Setting('The owner of the tables in that database, where DATABASE_URL is another role.', {
    secret: true,
    kind: 'text',
  })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseOwnerUrl?: string;

  @Setting('A Redis to use instead of the embedded one.', { secret: true, kind: 'text' })
  @IsOptional()
  @Matches(/^rediss?:\/\/\S+$/, { message: '$property must begin with redis:// or rediss://' })
  redisUrl?: string;

  @Setting('A Temporal service to use instead of the embedded one, host:port.', { kind: 'text' })
  @IsOptional()
  @Matches(/^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/, { message: '$property must be host:port' })
  temporalAddress?: string;

  @Setting('The path of the temporal command line tool; without it the launcher looks for one.', {
    kind: 'text',
  })
  @IsOptional()
  @IsString()
  temporalCliPath?: string;

  @Setting('The path of redis-server or valkey-server; without it the launcher looks for one.', {
    kind: 'text',
  })
  @IsOptional()
  @IsString()
  redisServerPath?: string;

  @Setting(
    'The preferred port of the embedded Postgres; if it is taken the next free one is used, 0 takes any.',
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedPostgresPort = 5_433;

  @Setting('The preferred port of the embedded Redis; if it is taken the next free one is used, 0 takes any.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedRedisPort = 6_380;

  @Setting(
    'The preferred port of the embedded Temporal; if it is taken the next free one is used, 0 takes any.',
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedTemporalPort = 7_233;

  @Setting(
    "The preferred port of the embedded Temporal's web UI; if it is taken the next free one is used, 0 takes any.",
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedTemporalUiPort = 8_233;
}
