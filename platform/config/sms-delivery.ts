import { IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

const DAY = 86_400_000;

/** How messages by SMS are sent and followed, whichever provider takes them. */
export class SmsDeliveryConfig {
  @Setting(
    'The first pause in milliseconds after no SMS provider took a message; each pause is twice the last.',
  )
  @IsInt()
  @Min(1)
  @Max(DAY)
  smsRetryFirstMs = 2_000;

  @Setting('The longest pause in milliseconds after no SMS provider took a message.')
  @IsInt()
  @Min(1)
  @Max(DAY)
  smsRetryMostMs = 300_000;

  @Setting(
    'How often, in milliseconds, a sweep looks for lost messages and reads the credit at SMS providers.',
  )
  @IsInt()
  @Min(1_000)
  @Max(DAY)
  smsSweepEveryMs = 60_000;

  @Setting(
    'After how many milliseconds without its end the sweep makes sure that the workflow of a message runs.',
  )
  @IsInt()
  @Min(1)
  @Max(DAY)
  smsOverdueMs = 30_000;
}
