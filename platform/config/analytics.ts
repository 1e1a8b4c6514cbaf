import { IsBoolean, IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** What is kept of what browsers tell of visits. */
export class AnalyticsConfig {
  @Setting('Whether events of browsers are stored; otherwise they are answered and forgotten.')
  @IsBoolean()
  trackingEnabled = true;

  @Setting('One session in how many is stored, and counts for as many.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  trackingOneIn = 1;

  @Setting(
    'Events a minute that one address may tell, over HTTP and sockets together; mobile operators put many people behind one.',
  )
  @IsInt()
  @Min(50)
  @Max(100_000_000)
  trackingEventsPerMinute = 3_000;

  @Setting('Events that the shop stores in a day of Tehran; further ones are answered and forgotten.')
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  trackingEventsPerDay = 5_000_000;
}
