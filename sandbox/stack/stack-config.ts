import { IsOptional, IsString, Matches } from 'class-validator';

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
}
