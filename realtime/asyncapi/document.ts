import { whoMay } from '../../entities/auth/policy';
import { examplesOf } from '../../entities/describe/example';
import { isNullable } from '../../entities/describe/nullable';
import type { ErrorCode } from '../../entities/errors';
import { isNeverAbsent } from '../../entities/input/may-be-absent';
import { createSchemas, type Schema, type Schemas } from '../../platform/json-schema/schemas';
import { HandshakeInput, RenewedView } from '../handshake.input';
import { RENEWAL } from '../open-namespace';
import type { Namespace } from '../registry';
import {
  answerOf,
  eventMessage,
  messageOf,
  refusalOf,
  signal,
  type Described,
  type Message,
} from './messages';

/** An AsyncAPI 3 document. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly channels: Readonly<Record<string, Schema>>;
  readonly operations: Readonly<Record<string, Schema>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
  readonly [field: string]: unknown;
}

/** The committed document, from the root of the project. */
export const ASYNCAPI_FILE = 'realtime/asyncapi/asyncapi.json';

/** Refusals of a handshake. */
const AT_CONNECT: readonly ErrorCode[] = [
  'request.invalid',
  'request.too_many',
  'access.forbidden',
  'access.token_invalid',
  'access.token_missing',
  'auth.session_over',
  'auth.ticket_invalid',
  'route.not_found',
  'socket.connections_too_many',
  'service.failed',
  'service.unavailable',
];
const WHO: Readonly<Record<Namespace['who'], string>> = {
  anybody: 'Anybody may connect, also guests.',
  'signed-in': 'Whoever is signed in may connect.',
  staff: 'Only people who work for the shop may connect.',
};
const DESCRIPTION = `Sockets over Socket.IO 4 under the path \`/ws\`. A channel is a namespace, and the name of a message is the name of its event.
A verb is a frame with an input and an acknowledgement callback, whose answer is the reply. Events of the journal have versions
without gaps for each aggregate: apply the last version + 1, drop what is not newer, and subscribe again on anything above.`;

/** The document of these namespaces. The same namespaces give the same document. */
export function describeRealtime(namespaces: readonly Namespace[]): AsyncApiDocument {
  const schemas = createSchemas({ examplesOf, isNullable, isNeverAbsent });
  const channels: Record<string, Schema> = {};
  const operations: Record<string, Schema> = {};
  const messages: Record<string, Message> = {};
  for (const namespace of namespaces) {
    const channel = channelOf(namespace);
    const own: Record<string, Schema> = {};
    const add = (name: string, message: Message): Schema => {
      messages[`${channel}.${name}`] = message;
      own[name] = { $ref: `#/components/messages/${channel}.${name}` };
      return { $ref: `#/channels/${channel}/messages/${name}` };
    };
    const here = { $ref: `#/channels/${channel}` };

    for (const [name, asked, answered] of exchangesOf(namespace, schemas)) {
      operations[`${channel}.${name}`] = {
        action: 'receive',
        channel: here,
        summary: asked.summary,
        messages: [add(name, asked)],
        reply: { channel: here, messages: [add(`${name}.answer`, answered)] },
      };
    }
    const told = eventsOf(namespace, schemas).map(
      ([name, message]) => [name.startsWith('event.') ? 'event' : name, add(name, message)] as const,
    );
    for (const name of new Set(told.map(([event]) => event))) {
      operations[`${channel}.${name}`] = {
        action: 'send',
        channel: here,
        messages: told.filter(([event]) => event === name).map(([, reference]) => reference),
      };
    }
    channels[channel] = {
      address: namespace.name,
      summary: namespace.summary,
      description: WHO[namespace.who],
      messages: own,
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Asoud realtime',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    servers: {
      shop: {
        host: '{host}',
        pathname: '/ws',
        protocol: 'wss',
        protocolVersion: '13',
        description: 'Socket.IO 4 (Engine.IO 4) over WebSocket, or long polling where that is not possible.',
        variables: { host: { default: '127.0.0.1:3002' } },
      },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas: schemas.byName() },
  };
}

/** What the document calls a namespace: names in it have no slashes. */
export function channelOf({ name }: Pick<Namespace, 'name'>): string {
  return name.slice(1).replaceAll('/', '.');
}

/** The document as it is committed. */
export function renderAsyncApi(document: AsyncApiDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** What clients ask, with what they are answered: the handshake, the verbs, the renewal. */
function exchangesOf(namespace: Namespace, schemas: Schemas): (readonly [string, Message, Message])[] {
  const tag = channelOf(namespace);
  const all: Readonly<Record<string, Described>> = { ...namespace.verbs, 'auth.renew': RENEWAL };
  const handshake = messageOf(
    'connect',
    'Join the namespace: the `auth` of the handshake',
    schemas.referTo(HandshakeInput, tag),
    schemas,
  );
  const refused = refusalOf('connect_error', AT_CONNECT, schemas);
  return [
    ['connect', handshake, refused],
    ...Object.entries(all).map(([verb, described]) => {
      const { input, summary } = described;
      const asked = messageOf(verb, summary, schemas.referTo(input, tag), schemas);
      const guests = described.guests ? ' Guests may ask, too.' : '';
      const limit = described.limit
        ? ` At most ${described.limit.limit} times in ${described.limit.windowSeconds} s for one account.`
        : '';
      const description = `${whoMay(described.action)}${guests}${limit}`;
      return [verb, { ...asked, description }, answerOf(verb, described, tag, schemas)] as const;
    }),
  ];
}

/** Everything that the server sends by itself, with a name for each payload. */
function eventsOf(namespace: Namespace, schemas: Schemas): [string, Message][] {
  const { follows, tells = {} } = namespace;
  const tag = channelOf(namespace);
  const journal = follows.flatMap(({ aggregate, payloads }) =>
    Object.entries(payloads).flatMap(([type, Payload]): [string, Message][] =>
      Payload
        ? [[`event.${type}`, eventMessage(aggregate.type, type, schemas.referTo(Payload, tag), schemas)]]
        : [],
    ),
  );
  // A verb may have the same name: typing is said and told.
  const ephemeral = Object.entries(tells).map(([event, Payload]): [string, Message] => [
    `told.${event}`,
    messageOf(
      event,
      'Only fan-out: it may be lost, and it is in no row',
      schemas.referTo(Payload, tag),
      schemas,
    ),
  ]);
  return [
    ...journal,
    ...ephemeral,
    ['resync', signal('resync', 'Events were skipped: ask for every list and subscription again')],
    [
      'auth.expiring',
      messageOf(
        'auth.expiring',
        'The connection ends then unless auth.renew comes before',
        schemas.referTo(RenewedView, tag),
        schemas,
      ),
    ],
    ['server.draining', signal('server.draining', 'This node stops: the client connects again by itself')],
  ];
}
