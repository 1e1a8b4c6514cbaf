import { Matches } from 'class-validator';

import { Setting } from './setting';

/** Where Redis is. Nothing that it holds is needed for good. */
export class RedisConfig {
  @Setting('The address of the Redis that counts rate limits; without it each process counts for itself.', {
    secret: true,
    example: 'redis://127.0.0.1:6379',
  })
  @Matches(/^rediss?:\/\/\S+$/, { message: '$property must begin with redis:// or rediss://' })
  redisUrl!: string;

  @Setting('The prefix of all keys in Redis, so that several shops can share one server.')
  @Matches(/^[\w:.-]{1,64}$/)
  redisKeyPrefix = 'asoud:';
}
