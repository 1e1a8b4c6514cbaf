import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

import { Setting } from '../../platform/config/setting';

/** What the launcher of the embedded stack reads: servers of one's own, and where programs are. */
export class StackConfig {
  @Setting('A Postgres database to use instead of the embedded one.', { secret: true, kind: 'text' })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  databaseUrl?: string;

  @Setting('A Redis to use instead of the embedded one.', { secret: true, kind: 'text' })
  @IsOptional()
  @Matches(/^rediss?:\/\/\S+$/, { message: '$property must begin with redis:// or rediss://' })
  redisUrl?: string;

  @Setting('A Temporal service to use instead of the embedded one, host:port.', { kind: 'text' })
  @IsOptional()
  @Matches(/^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/, { message: '$property must be host:port' })
  temporalAddress?: string;

  @Setting('The temporal command line tool to run, instead of looking for one.', { kind: 'text' })
  @IsOptional()
  @IsString()
  temporalCliPath?: string;

  @Setting('The redis-server or valkey-server to run, instead of looking for one.', { kind: 'text' })
  @IsOptional()
  @IsString()
  redisServerPath?: string;

  @Setting(
    'The port that the embedded stack wants for Postgres; a busy one is passed over, 0 takes a free one.',
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedPostgresPort = 5_433;

  @Setting('The port that the embedded stack wants for Redis; a busy one is passed over, 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedRedisPort = 6_380;

  @Setting(
    'The port that the embedded stack wants for Temporal; a busy one is passed over, 0 takes a free one.',
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedTemporalPort = 7_233;

  @Setting(
    "The port that the embedded stack wants for Temporal's web UI; a busy one is passed over, 0 takes a free one.",
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  embeddedTemporalUiPort = 8_233;
}
