import { IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

const MEGABYTE = 1_048_576;

/** The cache of public answers in the API. Events of the journal end what they concern at once; the times are only a net. */
export class CacheConfig {
  @Setting('How many bytes of answers each process of the API keeps in its memory.')
  @IsInt()
  @Min(MEGABYTE)
  @Max(4_096 * MEGABYTE)
  cacheBytes = 64 * MEGABYTE;

  @Setting(
    'After how many milliseconds in which the journal could not be read nothing is served from the cache.',
  )
  @IsInt()
  @Min(2_000)
  @Max(60_000)
  cacheSilenceMs = 3_000;

  @Setting('How many seconds a list or a search is kept at most.')
  @IsInt()
  @Min(1)
  @Max(3_600)
  cacheListSeconds = 60;

  @Setting('How many seconds the page of a product is kept at most.')
  @IsInt()
  @Min(1)
  @Max(3_600)
  cacheProductSeconds = 300;

  @Setting('How many seconds the tree of categories is kept at most.')
  @IsInt()
  @Min(1)
  @Max(3_600)
  cacheCategoriesSeconds = 600;
}
