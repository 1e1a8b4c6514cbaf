import type { Aggregate } from '../../entities/events/aggregate';
import type { JournalEvent } from '../../entities/events/read-journal';
import { isUuid } from '../../entities/values/uuid';
import type { LookTarget } from '../../temporal/look-signal';

/** An event as a route reads it: of which aggregate, and what its type says. */
type RoutedEvent<Events extends object> = {
  [Type in keyof Events & string]: {
    readonly aggregateId: string;
    readonly type: Type;
    readonly payload: Events[Type];
  };
}[keyof Events & string];

/** What a row of the routing table says. */
interface RouteSpec<Events extends object, Type extends keyof Events & string> {
  readonly from: Aggregate<Events>;
  /** The types of events that matter. */
  readonly types: readonly Type[] | 'all';
  /** Leaves out events of which the workflow need not hear. */
  readonly when?: (event: Extract<RoutedEvent<Events>, { type: Type }>) => boolean;
  /** The type of the workflow that is told. */
  readonly workflow: string;
  /** The id of what the workflow is about: of the event's aggregate, or from its payload. */
  readonly id: (event: Extract<RoutedEvent<Events>, { type: Type }>) => string;
  /** The workflow's arguments, which its contract makes of that id. */
  readonly target: (id: string) => Omit<LookTarget, 'workflow'>;
}

/** The part of an event that routes read. */
export type RoutableEvent = Pick<JournalEvent, 'id' | 'aggregateType' | 'aggregateId' | 'type' | 'payload'>;

/** A row of the routing table: which events wake which workflow. */
export interface Route {
  readonly workflow: string;
  isFor(event: RoutableEvent): boolean;
  /** @throws Error when the event names nothing that the workflow could be about: its payload is older than this code */
  targetOf(event: RoutableEvent): LookTarget;
}

/** Makes a row of the routing table. The compiler checks types of events, payloads and arguments of the workflow. */
export function route<Events extends object, Type extends keyof Events & string>({
  from,
  types,
  when = () => true,
  workflow,
  id: idOf,
  target,
}: RouteSpec<Events, Type>): Route {
  const isOneOf = (type: string) => types === 'all' || (types as readonly string[]).includes(type);
  return {
    workflow,
    isFor: (event) => event.aggregateType === from.type && isOneOf(event.type) && when(event as never),
    targetOf(event) {
      const id: unknown = idOf(event as never);
      if (typeof id !== 'string' || !isUuid(id)) throw new TypeError(`${event.type} names no ${workflow}`);
      return { workflow, ...target(id) };
    },
  };
}
