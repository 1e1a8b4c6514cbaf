/** Something with a history in the journal: a row that counts its own events, so that their versions have no gaps. */
export interface Aggregate<Events extends object> {
  /** Its name in the journal. */
  readonly type: string;
  /** The table of its rows, which have an `id uuid` and a `version integer`. */
  readonly table: string;
  /** Whether retention removes its oldest events, so that its history need not begin with the first one. */
  readonly forgets?: true;
  /** Never set. It tells the compiler the payload of each type of event. */
  readonly events?: Events;
}

/** An aggregate whose old events may go. */
export interface ForgettingAggregate<Events extends object = object> extends Aggregate<Events> {
  readonly forgets: true;
}

/** An event that is about to be recorded. */
export type EventOf<Events extends object> = {
  [Type in keyof Events & string]: { readonly type: Type; readonly payload: Events[Type] };
}[keyof Events & string];
