import type { MessageView } from '../../entities/chat/message.view';
import type { ChatActor } from '../../entities/chat/room-access';
import type { RoomView } from '../../entities/chat/room.view';
import { createLogger } from '../../platform/logger';
import type { LiveEvent } from '../../realtime/event-maps';
import type { Answer } from '../../realtime/registry';
import { eventually } from '../support/eventually';
import { liveToken, openRealtimeNode, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { collectLines } from '../unit/platform/log-lines';

/** Two nodes of one shop, and what they log. */
export interface ChatNodes {
  readonly shop: ShopDatabase;
  readonly one: OpenRealtime;
  readonly other: OpenRealtime;
  readonly lines: ReturnType<typeof collectLines>['lines'];
  close(): Promise<void>;
}

/** Opens two nodes that limit nobody and forget after a second who was there. */
export async function openChatNodes(): Promise<ChatNodes> {
  const shop = await openShopDatabase();
  const { destination, lines } = collectLines();
  const logger = createLogger({ logLevel: 'debug' }, { service: 'realtime', destination });
  const realtime = { presenceSeconds: 1, framesPerSecond: 1_000, framesAtOnce: 1_000 };
  const open = () => openRealtimeNode(shop, { realtime, logger });
  const [one, other] = await Promise.all([open(), open()]);
  return {
    ...{ shop, one, other, lines },
    async close() {
      await shop.assertInvariantsHold();
      await Promise.all([one.close(), other.close()]);
      await shop.close();
    },
  };
}

/** What names a person to others. */
export const idOf = ({ accountId }: ChatActor): { accountId: string } => ({ accountId });

/** Joins `/chat` at a node as somebody who has signed in. */
export function enterAt(node: OpenRealtime, { accountId, sessionId }: ChatActor): Promise<LiveClient> {
  return node.connect('/chat', { token: liveToken({ accountId, sessionId, generation: 1 }) });
}

/** `ok`, or the code of the refusal. */
export const codeOf = (answer: Answer<Record<string, unknown>>): string =>
  answer.ok ? 'ok' : answer.problem.code;

/** Up to which version a client knew its room when it began to follow it. */
const known = new WeakMap<LiveClient, number>();

/** Follows a room from now on, at a node. */
export async function followAt(node: OpenRealtime, actor: ChatActor, roomId: string): Promise<LiveClient> {
  const client = await enterAt(node, actor);
  const { version } = await client.get<RoomView>('room', { roomId });
  await client.get('subscribe', { roomId, after: version });
  known.set(client, version);
  return client;
}

/** An event of a room, as a client gets it. */
export type RoomEvent = LiveEvent & {
  readonly payload: Readonly<Record<string, unknown>> & { readonly message?: MessageView | null };
};

/**
 * The events of a room so far, each once, as a client keeps them. A node may be a little late, and send what was recorded just before
 * the client came: its version tells.
 */
export function eventsOf(client: LiveClient, roomId: string): RoomEvent[] {
  const since = known.get(client) ?? 0;
  const fresh = client.events.filter(({ id, version }) => id === roomId && version > since);
  const byVersion = new Map(fresh.map((event) => [event.version, event]));
  return [...byVersion.values()] as RoomEvent[];
}

/** Waits until a client has got an event of this type in the room. */
export const gets = (client: LiveClient, roomId: string, type: string, count = 1) =>
  eventually(
    () => eventsOf(client, roomId).filter((event) => event.type === type),
    ({ length }) => length >= count,
  );

/** What it was told that is in no row. */
export const told = ({ others }: LiveClient, name: string) =>
  others.filter((event) => event.name === name).map(({ payload }) => payload as Record<string, unknown>);
