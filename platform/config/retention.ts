import { IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

const MOST_DAYS = 3_650;

/** For how long the shop keeps what it no longer needs. */
export class RetentionConfig {
  @Setting(
    'How many days events of stock and products are kept; those of orders and accounts stay, and so do the newest of each.',
  )
  @IsInt()
  @Min(7)
  @Max(MOST_DAYS)
  eventsKeptDays = 365;

  @Setting(
    "How many days the keys of steps and requests are kept: Temporal's retention, the longest workflow and 30 days, or a reset repeats steps.",
  )
  @IsInt()
  @Min(67)
  @Max(MOST_DAYS)
  stepKeysKeptDays = 90;

  @Setting(
    'How many days callbacks of gateways, replies of suppliers that were not genuine and refused imports are kept.',
  )
  @IsInt()
  @Min(7)
  @Max(MOST_DAYS)
  callbacksKeptDays = 180;

  @Setting('How many days sessions are kept after their end, and codes after they were asked for.')
  @IsInt()
  @Min(2)
  @Max(MOST_DAYS)
  sessionsKeptDays = 90;

  @Setting(
    'How many days messages by SMS are kept after their end, with what was told of stock and recipients of campaigns; a repeated key sends again after that.',
  )
  @IsInt()
  @Min(7)
  @Max(MOST_DAYS)
  smsKeptDays = 180;

  @Setting('How many days it is kept what recurring jobs did.')
  @IsInt()
  @Min(2)
  @Max(MOST_DAYS)
  jobRunsKeptDays = 30;

  @Setting('How many days messages are kept after their room was archived.')
  @IsInt()
  @Min(30)
  @Max(MOST_DAYS)
  chatKeptDays = 365;

  @Setting('How many days the texts of tickets are kept after these were closed.')
  @IsInt()
  @Min(30)
  @Max(MOST_DAYS)
  ticketsKeptDays = 730;
  @Setting('How many days notifications are kept, read or not.')
  @IsInt()
  @Min(30)
  @Max(MOST_DAYS)
  notificationsKeptDays = 90;
  @Setting('How many days events of browsers are kept; the figures of each day stay.')
  @IsInt()
  @Min(7)
  @Max(MOST_DAYS)
  trackingKeptDays = 90;
}
