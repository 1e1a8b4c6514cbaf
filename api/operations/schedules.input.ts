import { Matches } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Line } from '../../entities/input/line';
import { Instant } from '../instant';

/** Which schedule. */
export class ScheduleParams {
  @Example('payment-sweep')
  @Matches(/^[a-z0-9-]{1,60}$/)
  id!: string;
}

/** Why something is done to a schedule. */
export class ScheduleReasonInput {
  @Example('The gateway asked us to wait')
  @Line(200)
  reason!: string;
}

/** For which time the runs are made up. */
export class BackfillInput extends ScheduleReasonInput {
  @Example('2026-11-26T00:00:00+03:30')
  @Instant()
  from!: string;

  @Example('2026-11-27T00:00:00+03:30')
  @Instant()
  until!: string;
}
