import { IsISO8601, IsUUID } from 'class-validator';

import { Nullable } from '../describe/nullable';
import type { Ready } from './readiness';

/** What somebody who is ready has got. */
export class ReadinessView {
  /** Null where no ticket waits, or they have enough. */
  @Nullable()
  @IsUUID()
  ticketId!: string | null;

  /** Say so again before it. */
  @IsISO8601()
  readyUntil!: string;
}

export function presentReadiness({ ticketId, readyUntil }: Ready): ReadinessView {
  return { ticketId, readyUntil: readyUntil.toISOString() };
}

/** What somebody of the staff has taken from the queue. */
export class TakenView {
  /** Null where no ticket waits. */
  @Nullable()
  @IsUUID()
  ticketId!: string | null;
}
