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
}
