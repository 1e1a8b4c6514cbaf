import { Manager } from 'socket.io-client';

import type { LiveEvent } from '../event-maps';
import type { Answer, Namespace } from '../registry';
import { createFollowing, type Following, type FollowingHandlers } from './following';
import { openLiveSocket, type TokenSource } from './live-socket';
import { createPacer } from './pacer';
import {
  resultOf,
  type EventIn,
  type IfResumed,
  type InputOf,
  type LiveProblem,
  type ResultOf,
  type Resumed,
  type ToldIn,
  type VerbOf,
} from './protocol';
import { createWatchedList, type ListHandlers, type WatchedList } from './watched-list';

/** A client's connection to the sockets, which all its namespaces share. */
export interface LiveClient {
  /** Joins a namespace: `client.namespace<typeof ORDERS>('/orders')`, with its type alone. */
  namespace<N extends Namespace>(name: N['name'], handlers?: NamespaceHandlers): LiveNamespace<N>;
  close(): void;
}

/** What a client hears of its place in a namespace. */
export interface NamespaceHandlers {
  /** Each time that it has joined. */
  readonly onConnect?: () => void;
  /** It will not come back: the server refused it with this problem, or its session is over. */
  readonly onEnd?: (problem?: LiveProblem) => void;
}

/** Which aggregate a client follows, by which question. */
export interface Followed<N extends Namespace, V extends VerbOf<N>> {
  readonly verb: V;
  readonly input: Omit<InputOf<N, V>, 'after'>;
  readonly aggregate: string;
  readonly id: string;
  /** The version that the client already has. */
  readonly after?: number;
}

/** A namespace as a client sees it. */
export interface LiveNamespace<N extends Namespace> {
  /** Asks once. Rejects with {@link LiveProblem} for a refusal, and with another error when no answer comes in time. */
  call<V extends VerbOf<N>>(verb: V, input: InputOf<N, V>): Promise<ResultOf<N, V>>;
  /** Follows one aggregate through every break. An aggregate can be followed once at a time. */
  follow<V extends VerbOf<N>>(
    followed: Followed<N, V> & IfResumed<N, V>,
    handlers: FollowingHandlers<EventIn<N>>,
  ): Following;
  /** Reads a list now and after every break, and what happens in it between. */
  watch<V extends VerbOf<N>>(
    verb: V,
    input: InputOf<N, V>,
    handlers: ListHandlers<ResultOf<N, V> & object, EventIn<N>>,
  ): WatchedList;
  /** Hears what is only fan-out: typing, presence. */
  on<Event extends keyof ToldIn<N> & string>(event: Event, listener: ToldIn<N>[Event]): void;
  close(): void;
}

interface ClientOptions {
  /** Whose access token each connection shows. Without it the client is a guest. */
  readonly session?: TokenSource;
  /** How long an answer may take. */
  readonly timeoutMs?: number;
  /** The first pause before a broken connection is opened again; later ones grow to 10 s. Each is spread by half. */
  readonly firstPauseMs?: number;
}

/** @param url scheme, host and port of the sockets, without the path */
export function createLiveClient(
  url: string,
  { session, timeoutMs = 15_000, firstPauseMs = 1_000 }: ClientOptions = {},
): LiveClient {
  const manager = new Manager(url, {
    path: '/ws',
    transports: ['websocket', 'polling'],
    autoConnect: false,
    reconnectionDelay: firstPauseMs,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
  });
  const open: { close(): void }[] = [];

  return {
    namespace<N extends Namespace>(name: N['name'], handlers: NamespaceHandlers = {}) {
      const joined = joinNamespace(manager, name, { session, timeoutMs, handlers });
      open.push(joined);
      return joined as unknown as LiveNamespace<N>;
    },
    close() {
      for (const namespace of open) namespace.close();
    },
  };
}

interface Joining {
  readonly session: TokenSource | undefined;
  readonly timeoutMs: number;
  readonly handlers: NamespaceHandlers;
}

/** What must be asked again after a break. */
interface Kept {
  ask(): void;
  take(event: LiveEvent): void;
  close(): void;
}

/** The same without types, which are those of the registry. */
function joinNamespace(manager: Manager, name: string, { session, timeoutMs, handlers }: Joining) {
  const pacer = createPacer();
  const followings = new Map<string, Kept>();
  const lists = new Set<Kept>();
  const all = () => [...lists, ...followings.values()];
  const socket = openLiveSocket(manager, name, {
    session,
    onEnd(problem) {
      all().forEach((kept) => kept.close());
      handlers.onEnd?.(problem);
    },
  });
  const isConnected = () => socket.connected;

  async function call(verb: string, input: object): Promise<object> {
    await pacer.turn();
    return resultOf(verb, (await socket.timeout(timeoutMs).emitWithAck(verb, input)) as Answer);
  }

  const askAll = () => all().forEach((kept) => kept.ask());
  socket.on('connect', () => {
    askAll();
    handlers.onConnect?.();
  });
  socket.on('resync', askAll);
  socket.on('event', (event: LiveEvent) => {
    followings.get(keyOf(event))?.take(event);
    for (const list of lists) list.take(event);
  });
  socket.connect();

  return {
    call,
    follow(
      { verb, input, aggregate, id, after = 0 }: Followed<Namespace, never>,
      onFollowed: FollowingHandlers,
    ): Following {
      const key = keyOf({ aggregate, id });
      if (followings.has(key)) throw new Error(`${key} is followed already`);
      const following = createFollowing({
        ...{ aggregate, id, after, isConnected },
        subscribe: async (version) => (await call(verb, { ...(input as object), after: version })) as Resumed,
        handlers: onFollowed,
      });
      followings.set(key, following);
      following.ask();
      return {
        get version() {
          return following.version;
        },
        close() {
          following.close();
          if (followings.get(key) === following) followings.delete(key);
        },
      };
    },
    watch(verb: string, input: object, onList: ListHandlers<object>): WatchedList {
      const list = createWatchedList({ isConnected, read: () => call(verb, input) }, onList);
      lists.add(list);
      list.ask();
      return {
        close() {
          list.close();
          lists.delete(list);
        },
      };
    },
    on: (event: string, listener: (payload: unknown) => void) => void socket.on(event, listener),
    close() {
      all().forEach((kept) => kept.close());
      socket.disconnect();
    },
  };
}

const keyOf = ({ aggregate, id }: { readonly aggregate: string; readonly id: string }) =>
  `${aggregate}:${id}`;
