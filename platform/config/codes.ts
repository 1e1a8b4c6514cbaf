import { ArrayMaxSize, ArrayNotEmpty, IsInt, Matches, Max, Min, MinLength } from 'class-validator';

import { Setting } from './setting';

/** A rotation needs two. */
const MOST_SECRETS = 5;
const MOST_CODES = 100_000_000;

/** One-time codes: the secrets that they are derived with, and how often they may be asked for and guessed. */
export class CodesConfig {
  @Setting(
    'Secrets that one-time codes are derived with, at least 32 characters each, separated by commas: the first makes codes, all check.',
    { secret: true },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  codePeppers: readonly string[] = ['development-only-code-pepper-of-the-shop'];

  @Setting('How many seconds a code that somebody asks for is of use.')
  @IsInt()
  @Min(60)
  @Max(600)
  codeLifetimeSeconds = 300;

  @Setting(
    'How many seconds a number waits after its first code of an hour, its second, and each further one, separated by commas.',
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(10)
  @Matches(/^\d{1,4}$/, { each: true })
  codeWaitSeconds: readonly string[] = ['60', '120', '300'];

  @Setting('How many messages with codes go to one number in an hour; a known device has as many for itself.')
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  codesPerNumberPerHour = 5;

  @Setting('How many messages with codes go to one number in a day; a known device has as many for itself.')
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  codesPerNumberPerDay = 10;

  @Setting(
    'How many messages with codes one address may ask for in an hour; mobile operators put thousands of people behind one.',
  )
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  codesPerAddressPerHour = 300;

  @Setting('How many messages with codes the shop sends in a minute.')
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  codesPerMinute = 100;

  @Setting('How many messages with codes the shop sends in an hour.')
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  codesPerHour = 2_000;

  @Setting('How many messages with codes the shop sends in a day.')
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  codesPerDay = 10_000;

  @Setting('One in how many of the messages for everybody is kept for devices that are known.')
  @IsInt()
  @Min(2)
  @Max(1_000)
  codesKeptOneIn = 5;

  @Setting(
    'How many wrong codes of one number are checked in an hour; a known device has as many for itself.',
  )
  @IsInt()
  @Min(1)
  @Max(MOST_CODES)
  wrongCodesPerHour = 20;
}
