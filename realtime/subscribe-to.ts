import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../entities/describe/example';
import { Nullable } from '../entities/describe/nullable';
import type { Aggregate } from '../entities/events/aggregate';
import { readMissedEvents, type MissedEvents } from '../entities/events/read-missed-events';
import { MayBeAbsent } from '../entities/input/may-be-absent';
import type { SocketContext, VerbContext } from './registry';

const PAGE_LENGTH = 50;

/** Where a client resumes. Inputs of verbs that subscribe inherit nothing: they have a field of this kind, `@After()`. */
export function After(): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of [MayBeAbsent(), Example(3), IsInt(), Min(0), Max(2_147_483_647)])
      decorate(prototype, property);
  };
}

/** A past event of an aggregate. */
export class PastEventView {
  @Example(4)
  @IsInt()
  @Min(1)
  version!: number;

  @Example('order.expired')
  @IsString()
  type!: string;

  @Example({})
  @IsObject()
  payload!: object;

  @IsISO8601()
  at!: string;
}

/** What a client missed, and that it gets what follows. */
export class SubscribedView {
  /** The version of the aggregate now, or of the `state` after a reset. */
  @Example(4)
  @IsInt()
  @Min(0)
  version!: number;

  /** Oldest first, and without gaps after the client's version. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PastEventView)
  events!: PastEventView[];

  /** Whether to subscribe again, after the last of these events. */
  @Example(false)
  @IsBoolean()
  more!: boolean;

  /** Whether the client must forget what it knows: its version is not one that can be resumed from. */
  @Example(false)
  @IsBoolean()
  reset!: boolean;

  /** The whole aggregate, after a reset. */
  @Nullable()
  @Example(null)
  @IsObject()
  state!: object | null;
}

/** Nothing more to say. */
export class DoneView {}

/** The events to read: those after a version, the oldest first. */
export interface MissedPart {
  readonly after: number;
  readonly limit: number;
}

interface Subscription {
  readonly aggregate: Aggregate<object>;
  readonly id: string;
  readonly room: string;
  readonly after: number | undefined;
  /** Throws unless the caller may follow it now. */
  readonly authorise: () => Promise<unknown>;
  /** Reads what was missed as the caller may see it; by default the payloads as they were recorded. */
  readonly read?: (part: MissedPart) => Promise<MissedEvents>;
  /** The whole aggregate as it is now, with its version. */
  readonly state: () => Promise<{ readonly version: number }>;
}

/**
 * Lets a socket follow a list: it joins first and then reads, so that nothing falls between. When the read fails it leaves again,
 * because it would hear of a list that it does not have.
 */
export async function followList<List>(
  context: SocketContext,
  rooms: readonly string[],
  read: () => Promise<List>,
): Promise<List> {
  const joined: string[] = [];
  try {
    for (const room of rooms.filter((each) => !context.isIn(each))) {
      context.join(room);
      joined.push(room);
    }
    return await read();
  } catch (error) {
    joined.forEach((room) => context.leave(room));
    throw error;
  }
}

/**
 * Lets a socket follow an aggregate from a version on. It joins first and then reads, so that nothing falls between: what is
 * committed meanwhile arrives twice, and the version tells. A right that ended before the socket had joined is found by asking
 * again; one that ends later is an event, on which `mayStay` acts.
 */
export async function subscribeTo(
  context: VerbContext,
  { aggregate, id, room, after = 0, authorise, read, state }: Subscription,
): Promise<SubscribedView> {
  await authorise();
  if (!context.isIn(room)) {
    context.join(room);
    try {
      await authorise();
    } catch (error) {
      context.leave(room);
      throw error;
    }
  }
  const { manager } = context.database;
  const part = { after, limit: PAGE_LENGTH };
  const missed = await (read?.(part) ?? readMissedEvents(manager, aggregate, id, part));
  if (missed.reset) {
    const whole = await state();
    return { version: whole.version, events: [], more: false, reset: true, state: whole };
  }
  const events = missed.events.map(({ version, type, payload, createdAt }) => {
    return { version, type, payload, at: createdAt.toISOString() };
  });
  return { version: missed.newest, events, more: missed.more, reset: false, state: null };
}
