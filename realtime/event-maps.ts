import type { RenewedView, RenewInput } from './handshake.input';
import type { Answer, Follow, Namespace, Shape, Verb } from './registry';

/** An event of the journal as a client receives it. The versions of an aggregate have no gaps. */
export interface LiveEvent {
  readonly aggregate: string;
  readonly id: string;
  readonly version: number;
  readonly type: string;
  readonly payload: object;
  readonly at: string;
}

type Send<Input, Result extends object> = (input: Input, ack: (answer: Answer<Result>) => void) => void;

type VerbEvents<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends Verb<infer Input, infer Result> ? Send<Input, Result> : never;
};

/** What a client may send in a namespace: `ClientEvents<typeof ORDERS>`. */
export type ClientEvents<N extends Namespace> = VerbEvents<N['verbs']> & {
  'auth.renew': Send<RenewInput, RenewedView>;
};

type EventsOfFollow<F extends Follow> = {
  [Type in keyof F['payloads'] & string]: F['payloads'][Type] extends Shape<infer Payload>
    ? { readonly type: Type; readonly payload: Payload }
    : never;
}[keyof F['payloads'] & string];

type Told<N extends Namespace> =
  N['tells'] extends Readonly<Record<string, Shape>>
    ? { [Name in keyof N['tells']]: (payload: InstanceType<N['tells'][Name]>) => void }
    : Record<never, never>;

/** What a client may receive in a namespace: `ServerEvents<typeof ORDERS>`. */
export type ServerEvents<N extends Namespace> = Told<N> & {
  event: (event: Omit<LiveEvent, 'type' | 'payload'> & EventsOfFollow<N['follows'][number]>) => void;
  /** Events were skipped: ask anew for every list, and subscribe again to what is open, with the last version. */
  resync: () => void;
  /** The connection ends at this instant unless `auth.renew` comes before. */
  'auth.expiring': (until: RenewedView) => void;
  /** This node stops. The client connects again by itself. */
  'server.draining': () => void;
};
