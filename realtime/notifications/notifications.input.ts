import { IsBoolean, IsInt, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { After } from '../subscribe-to';

/** Nothing to say. */
export class NoInput {}

/** Where to resume. */
export class SubscribeNotificationsInput {
  /** The version of the badge, or of the last event that the client has. */
  @After()
  after?: number;
}

/** A page of notifications. */
export class ListNotificationsInput {
  /** `next` of the page before. */
  @MayBeAbsent()
  @Id()
  before?: string;

  /** Only those that were not read. */
  @MayBeAbsent()
  @IsBoolean()
  unread?: boolean;

  @MayBeAbsent()
  @Example(20)
  @IsInt()
  @Min(1)
  @Max(50)
  limit?: number;
}
