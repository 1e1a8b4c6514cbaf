import { LONGEST_TARGET } from '../../entities/relay/park-signals';
import type { LookTarget } from '../../temporal/look-signal';
import type { RoutableEvent, Route } from './route';

/** A workflow that is to be told, and the newest event why. */
export interface Wake {
  readonly eventId: number;
  readonly workflow: string;
  /** The workflow's id, or its beginning; `event <id>` where none can be made of the event. */
  readonly target: string;
  /** An error where the event cannot be routed. */
  readonly look: LookTarget | Error;
}

/** The workflows that a batch of events wakes, each once. */
export function wakesOf(routes: readonly Route[], events: readonly RoutableEvent[]): Wake[] {
  const wakes = new Map<string, Wake>();
  for (const event of events) {
    for (const route of routes) {
      if (!route.isFor(event)) continue;
      const wake = wakeOf(route, event);
      wakes.set(`${wake.workflow} ${wake.target}`, wake);
    }
  }
  return [...wakes.values()];
}

function wakeOf(route: Route, event: RoutableEvent): Wake {
  const { workflow } = route;
  try {
    const look = route.targetOf(event);
    return { eventId: event.id, workflow, target: look.workflowId.slice(0, LONGEST_TARGET), look };
  } catch (error) {
    return { eventId: event.id, workflow, target: `event ${event.id}`, look: error as Error };
  }
}
