import type { Problem } from '../../entities/problem';
import type { ClientEvents, LiveEvent, ServerEvents } from '../event-maps';
import type { Answer, Namespace } from '../registry';

/** The server refused a frame or a handshake, or failed. `problem.code` names the refusal. */
export class LiveProblem extends Error {
  override readonly name = 'LiveProblem';

  constructor(
    readonly verb: string,
    readonly problem: Problem,
  ) {
    super(`${verb}: ${problem.code}: ${problem.title}`);
  }

  /** After how many seconds the same frame may succeed; undefined when it will not. */
  get retryAfterSeconds(): number | undefined {
    const { status, retryAfterSeconds } = this.problem;
    return status === 429 || status >= 500 ? (retryAfterSeconds ?? 1) : undefined;
  }
}

/** The verbs of a namespace. */
export type VerbOf<N extends Namespace> = keyof ClientEvents<N> & string;

/** What a verb takes. */
export type InputOf<N extends Namespace, V extends VerbOf<N>> = ClientEvents<N>[V] extends (
  input: infer Input,
  ack: never,
) => void
  ? Input
  : never;

/** What a verb answers. */
export type ResultOf<N extends Namespace, V extends VerbOf<N>> = ClientEvents<N>[V] extends (
  input: never,
  ack: (answer: infer Given) => void,
) => void
  ? Extract<Given, { readonly ok: true }> extends { readonly result: infer Result }
    ? Result
    : never
  : never;

/** An event of the journal in a namespace, told apart by its `type`. */
export type EventIn<N extends Namespace> = Parameters<ServerEvents<N>['event']>[0];

/** What the server sends in a namespace beside the journal: typing, presence. */
export type ToldIn<N extends Namespace> = Omit<
  ServerEvents<N>,
  'event' | 'resync' | 'auth.expiring' | 'server.draining'
>;

/** What verbs answer that let a client follow one aggregate. */
export interface Resumed {
  readonly version: number;
  readonly events: readonly Pick<LiveEvent, 'version' | 'type' | 'payload' | 'at'>[];
  readonly more: boolean;
  readonly reset: boolean;
  readonly state: object | null;
}

/** Lets a verb pass only where {@link Resumed} answers it. */
export type IfResumed<N extends Namespace, V extends VerbOf<N>> =
  ResultOf<N, V> extends Resumed ? unknown : never;

/** The result of an answer. */
export function resultOf(verb: string, answer: Answer): object {
  if (!answer.ok) throw new LiveProblem(verb, answer.problem);
  return answer.result;
}
