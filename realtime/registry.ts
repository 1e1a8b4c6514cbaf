import type { DataSource, EntityManager } from 'typeorm';

import type { Tracking } from '../entities/analytics/tracking';
import type { Action, Role } from '../entities/auth/policy';
import type { ErrorCode } from '../entities/errors';
import type { Aggregate } from '../entities/events/aggregate';
import type { JournalEvent } from '../entities/events/read-journal';
import type { Problem } from '../entities/problem';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import type { RateLimit, RateLimiter } from '../platform/rate-limit';
import type { SignedTokens } from '../platform/signed-token';
import type { ObjectStorage } from '../platform/storage/object-storage';
import type { Presence } from './presence';

/** A class with class-validator decorators: it validates an input, or describes an answer. */
export type Shape<T extends object = object> = new () => T;

/** What every verb can use. */
export interface Dependencies {
  readonly database: DataSource;
  /** Reads order tokens and tickets. */
  readonly tokens: SignedTokens;
  /** Counts for all nodes together. */
  readonly rateLimiter: RateLimiter;
  /** Who is connected, on any node. */
  readonly presence: Presence;
  /** Where files are. Clients reach it by signed addresses. */
  readonly storage: ObjectStorage;
  /** Takes what browsers tell. */
  readonly tracking: Tracking;
  readonly metrics: Metrics;
}

/** Who is behind a socket, as the rows had it at most 2 s ago. */
export interface Caller {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  /** When the person last proved all factors. */
  readonly provedAt: Date;
}

/** What the code of a namespace knows about the socket that it serves. */
export interface SocketContext extends Dependencies {
  /** Undefined for a guest. */
  readonly caller: Caller | undefined;
  readonly socketId: string;
  /** What the client says it is; empty when it says nothing. */
  readonly userAgent: string;
  /** What limits count of guests: an IPv4 address, or the network of an IPv6 one. */
  readonly address: string;
  readonly log: Logger;
  /** The rooms that the socket is in, or was in until it went. */
  rooms(): readonly string[];
  /**
   * Puts the socket into a room.
   *
   * @throws AppError `socket.rooms_too_many`
   */
  join(room: string): void;
  leave(room: string): void;
  isIn(room: string): boolean;
  /**
   * Tells everybody else in the room, on all nodes, something that is in no row: typing, presence. It may be lost, by a slow
   * client and while Redis is away.
   *
   * @param except whoever is in one of these rooms, too, is not told
   */
  tell(room: string, event: string, payload: object, except?: readonly string[]): void;
}

/** {@link SocketContext} of one frame. */
export interface VerbContext extends SocketContext {
  /** In the answer, if it is a problem, and in the log. */
  readonly requestId: string;
  /** How far the caller's roles reach with the verb's action. Undefined for a guest. */
  readonly reach: 'own' | 'any' | undefined;
}

/** Something that a client asks for in a namespace. */
export interface Verb<Input extends object = object, Result extends object = object> {
  /** A sentence for the protocol's document. */
  readonly summary: string;
  readonly input: Shape<Input>;
  readonly answer: Shape<Result>;
  /** What the policy must let the caller do. */
  readonly action: Action;
  /** Guests may call it too. The handler then checks what they show. */
  readonly guests?: true | undefined;
  /** Refusals of the handler, for the protocol's document. */
  readonly errors?: readonly ErrorCode[];
  /**
   * How often one account (or, for guests, one address) may call it on all nodes together. What has the same `name` counts
   * together, also in requests to the API. Verbs of a namespace without one count together, too.
   */
  readonly limit?: RateLimit & { readonly name?: string };
  handle(context: VerbContext, input: Input): Promise<Result>;
}

/** What some see of an event. It has its version, so that they see no gap. */
interface EventPart {
  readonly payload: object;
  readonly isFor: (caller: Caller | undefined) => boolean;
}

/** What the clients of a namespace see of an event of the journal. */
export interface RoutedEvent {
  /** The rooms that get it; a socket in several gets it once. */
  readonly rooms: readonly string[];
  /** Whoever is in one of these rooms does not get it. */
  readonly except?: readonly string[];
  readonly payload: object;
  /**
   * What those get instead who may see a part of it only. Asked for each socket of this node when it is sent, because somebody may have
   * come since its rooms were read.
   */
  readonly part?: EventPart | undefined;
  /**
   * Of an event with which a right may end: asked after it was sent, for each socket of this node in each of the rooms. What it says
   * rests on the rows as they are now, because somebody may have come back since.
   */
  readonly mayStay?: (caller: Caller | undefined, room: string) => boolean;
}

/** How the events of one aggregate reach the sockets of a namespace. One aggregate has one audience. */
export interface Follow {
  readonly aggregate: Aggregate<object>;
  /** What clients see of each type of event; null for types that the namespace does not show. */
  readonly payloads: Readonly<Record<string, Shape | null>>;
  /**
   * The rooms and payloads of these events, one for each and in their order; undefined for what the namespace does not show. It
   * reads for all of them with one statement.
   */
  readonly route: (
    manager: EntityManager,
    events: readonly JournalEvent[],
  ) => Promise<readonly (RoutedEvent | undefined)[]>;
  /**
   * Who follows one aggregate: they leave it and ask again when an event of it cannot be routed, because it may have ended a right.
   * Without it all sockets of the namespace do.
   */
  readonly roomOf?: ((aggregateId: string) => string) | undefined;
}

/** What a room is told again and again. */
export interface Told {
  /** The instant that it tells of. Nothing older follows something newer. */
  readonly asOf: string;
}

/** Something that a room is told again and again while somebody is in it: one node makes it for all. */
export interface Pulse {
  readonly room: string;
  /** Its name in `tells`. */
  readonly event: string;
  readonly everyMs: number;
  make(dependencies: Dependencies): Promise<Told>;
}

/** A namespace: a registry of verbs, the aggregates it follows, and nothing else. */
export interface Namespace {
  /** `/orders`. */
  readonly name: `/${string}`;
  readonly summary: string;
  /** Who may connect. */
  readonly who: 'anybody' | 'signed-in' | 'staff';
  readonly verbs: Readonly<Record<string, Verb>>;
  readonly follows: readonly Follow[];
  /** What is only fan-out, by the name of its event: typing, presence, figures. */
  readonly tells?: Readonly<Record<string, Shape>>;
  /** What of it is told again and again. */
  readonly pulse?: Pulse;
  /**
   * Called when a socket has joined, before its first frame. What it throws ends the socket. A client that falls behind leaves
   * all rooms: those that it must be in again after `resync` are joined by a verb, not here.
   */
  readonly onConnect?: (context: SocketContext) => Promise<void>;
  readonly onDisconnect?: (context: SocketContext) => Promise<void>;
}

/** Declares a verb; the compiler infers its input and answer. */
export function defineVerb<Input extends object, Result extends object>(
  verb: Verb<Input, Result>,
): Verb<Input, Result> {
  return verb;
}

/** Declares what a namespace follows. A further type of event does not compile without its line here. */
export function defineFollow<
  Events extends object,
  const Payloads extends { readonly [Type in keyof Events]: Shape | null },
>(
  follow: Follow & { readonly aggregate: Aggregate<Events>; readonly payloads: Payloads },
): Omit<Follow, 'payloads'> & { readonly payloads: Payloads } {
  return follow;
}

/** Declares a namespace. It keeps its exact type, from which clients get theirs: see `event-maps.ts`. */
export function defineNamespace<const N extends Namespace>(namespace: N): N {
  return namespace;
}

/** What acknowledges a frame. */
export type Answer<Result extends object = object> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly problem: Problem };
