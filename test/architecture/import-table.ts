/**
 * Who may import whom, as data. `npm run fences` writes the linter's fences and the table of docs/overview.md from it, and
 * rooms.test.ts plants every import that it allows or forbids.
 */

/** A part of a room: files by the end of their name, one folder, or one file in each folder. */
type Part =
  | { readonly ending: 'contract' | 'steps' }
  | { readonly folder: 'client' }
  | { readonly file: 'inbound' };

interface Shape {
  readonly room: string;
  /** Left out for the rest of the room. */
  readonly part?: Part;
  /** How docs/overview.md names it. */
  readonly label: string;
  /** Paths that rooms.test.ts imports. */
  readonly examples: readonly string[];
}

/** What can be imported. */
export const PLACES = {
  entities: {
    room: 'entities',
    label: 'entities',
    examples: ['entities', 'entities/checkout/place-order'],
  },
  workflows: {
    room: 'workflows',
    label: 'workflows',
    examples: ['workflows', 'workflows/shared/local-first', 'workflows/checkout/checkout.workflow'],
  },
  contract: {
    room: 'workflows',
    part: { ending: 'contract' },
    label: '`*.contract`',
    examples: ['workflows/checkout/checkout.contract', 'workflows/search-attributes.contract'],
  },
  steps: {
    room: 'workflows',
    part: { ending: 'steps' },
    label: '`*.steps`',
    examples: ['workflows/checkout/checkout.steps'],
  },
  activities: {
    room: 'activities',
    label: 'activities',
    examples: ['activities', 'activities/payments/gateways', 'activities/payments/zarinpal/inbound'],
  },
  inbound: {
    room: 'activities',
    part: { file: 'inbound' },
    label: '`activities/*/inbound`',
    examples: ['activities/payments/inbound'],
  },
  temporal: { room: 'temporal', label: 'temporal', examples: ['temporal', 'temporal/checkout'] },
  workers: { room: 'workers', label: 'workers', examples: ['workers', 'workers/health'] },
  api: { room: 'api', label: 'api', examples: ['api', 'api/app', 'api/clients/list'] },
  client: {
    room: 'api',
    part: { folder: 'client' },
    label: '`api/client`',
    examples: ['api/client', 'api/client/generated'],
  },
  realtime: { room: 'realtime', label: 'realtime', examples: ['realtime', 'realtime/server'] },
  liveClient: {
    room: 'realtime',
    part: { folder: 'client' },
    label: '`realtime/client`',
    examples: ['realtime/client', 'realtime/client/client'],
  },
  platform: {
    room: 'platform',
    label: 'platform',
    examples: ['platform', 'platform/config/load-config'],
  },
  commands: { room: 'commands', label: 'commands', examples: ['commands', 'commands/seed'] },
  sandbox: { room: 'sandbox', label: 'sandbox', examples: ['sandbox', 'sandbox/dev'] },
  test: { room: 'test', label: 'test', examples: ['test', 'test/support/shop'] },
} as const satisfies Record<string, Shape>;

export type Place = keyof typeof PLACES;

/** The shape of a place, for code that treats all of them alike. */
export const shapeOf = (place: Place): Shape => PLACES[place];

/** All places, each room's rest before its parts. */
export const ALL_PLACES = Object.keys(PLACES) as Place[];

/** The packages that a room may import; a name that ends in `*` stands for all that begin like it. */
type Packages =
  | { readonly only: readonly string[] }
  | { readonly anyBut: string; readonly except?: readonly string[] }
  | 'any';

/** A row of the table. */
export interface Row {
  /** A room, or one file that has more rights than its room. */
  readonly name: string;
  /** Where rooms.test.ts plants its imports. */
  readonly planted: string;
  readonly value: readonly Place[];
  readonly type: readonly Place[];
  readonly packages: Packages;
  /** Why not, in a sentence: for rooms that are closed altogether, for packages, and for places by name. */
  readonly because: Readonly<Partial<Record<Place | 'rooms' | 'packages', string>>>;
}

const NOT_TEMPORAL = { anyBut: '@temporalio/*' } as const;
const API = {
  rooms: 'api/ answers requests with entities/, temporal/ and platform/: it starts no other process.',
  workflows:
    'api/ knows a workflow by the types of its *.contract; what it asks of one is a call in temporal/.',
  contract: 'api/ takes only types of a *.contract: calls with a deadline are in temporal/. Use import type.',
  packages: 'api/ speaks to Temporal through temporal/, where every call has a deadline.',
};

export const TABLE: readonly Row[] = [
  {
    name: 'entities',
    planted: 'entities/orders/planted.ts',
    value: [],
    type: [],
    packages: {
      only: [
        'typeorm',
        'class-validator',
        'class-transformer',
        'libphonenumber-js/max',
        'reflect-metadata',
        'node:*',
      ],
    },
    because: {
      rooms: 'entities/ is what the shop remembers: it knows no other room, so every room can rest on it.',
      packages:
        'entities/ uses typeorm, class-validator, class-transformer, libphonenumber-js/max, reflect-metadata and node:* only, so that its invariants hold whoever calls them.',
    },
  },
  {
    name: 'platform',
    planted: 'platform/planted.ts',
    value: [],
    type: [],
    packages: NOT_TEMPORAL,
    because: {
      rooms: 'platform/ is plumbing: it knows nothing of the shop. Pass what it needs as an argument.',
      packages: 'What speaks to the Temporal service lives in temporal/.',
    },
  },
  {
    name: 'workflows',
    planted: 'workflows/checkout/planted.workflow.ts',
    value: [],
    type: ['entities'],
    packages: { only: ['@temporalio/workflow', '@temporalio/common'] },
    because: {
      rooms:
        'A workflow is deterministic: it reaches the world through its *.steps interface, never by importing a room.',
      entities:
        'workflows/ takes only types of entities/: an entity by value pulls TypeORM into the workflow bundle. Use import type.',
      packages:
        'workflows/ uses @temporalio/workflow and @temporalio/common only: anything else may not be deterministic and ends in the bundle.',
    },
  },
  {
    name: 'activities',
    planted: 'activities/payments/planted.ts',
    value: ['entities', 'platform', 'contract'],
    type: ['steps'],
    packages: { anyBut: '@temporalio/*', except: ['@temporalio/activity', '@temporalio/common'] },
    because: {
      rooms:
        'activities/ is called by workflows and composed in workers/: it knows entities/, platform/ and contracts only.',
      workflows:
        'activities/ knows a workflow by its *.contract and the type of its *.steps, nothing else of workflows/.',
      steps: 'activities/ implements the interface in *.steps: import it with import type.',
      packages:
        'activities/ uses @temporalio/activity and @temporalio/common only: clients live in temporal/, workers in workers/.',
    },
  },
  {
    name: 'temporal',
    planted: 'temporal/planted.ts',
    value: ['platform', 'contract'],
    type: ['entities'],
    packages: { only: ['@temporalio/*', 'node:*'] },
    because: {
      rooms:
        "temporal/ is the Temporal service's side: it knows contracts and platform/, and types of entities/.",
      entities: 'temporal/ takes only types of entities/: it changes no data. Use import type.',
      workflows:
        'temporal/ knows a workflow by its *.contract only, so a workflow can change without its callers.',
      packages: 'temporal/ uses @temporalio/* only: everything else it needs comes through platform/.',
    },
  },
  {
    name: 'workers',
    planted: 'workers/planted.ts',
    value: ['activities', 'inbound', 'entities', 'temporal', 'platform', 'contract'],
    type: [],
    packages: 'any',
    because: {
      rooms:
        'workers/ composes activities, entities, temporal and platform: it serves no requests and runs no commands.',
      workflows:
        'workers/ names the workflows folder by path and imports *.contract only: workflow code runs in the bundle, not here.',
    },
  },
  {
    name: 'api',
    planted: 'api/orders/planted.routes.ts',
    value: ['entities', 'temporal', 'platform'],
    type: ['activities', 'inbound', 'contract'],
    packages: NOT_TEMPORAL,
    because: {
      ...API,
      activities:
        'No request calls a provider: api/ takes only types of activities/, and main.ts alone builds activities/*/inbound.',
    },
  },
  {
    name: 'api/main.ts',
    planted: 'api/main.ts',
    value: ['entities', 'temporal', 'platform', 'inbound'],
    type: ['activities', 'contract'],
    packages: NOT_TEMPORAL,
    because: {
      ...API,
      activities:
        'No request calls a provider: of activities/ the API builds only */inbound, which has no network.',
    },
  },
  {
    name: 'realtime',
    planted: 'realtime/planted.ts',
    value: ['entities', 'platform'],
    type: [],
    packages: NOT_TEMPORAL,
    because: {
      rooms:
        'realtime/ pushes what was committed: it reads entities/ through platform/ and asks nobody else.',
      packages: 'realtime/ follows the journal in Postgres, not the workflows in Temporal.',
    },
  },
  {
    name: 'commands',
    planted: 'commands/planted.ts',
    value: ['entities', 'temporal', 'platform', 'client', 'liveClient'],
    type: ['realtime'],
    packages: NOT_TEMPORAL,
    because: {
      rooms:
        'commands/ uses entities/, temporal/, platform/ and the clients: what it starts, it starts as a process.',
      api: 'commands/ speaks to the API as everybody does: over HTTP, with api/client.',
      realtime:
        'commands/ listens as everybody does: with realtime/client, and the types of namespaces. Use import type.',
      packages: 'commands/ speaks to Temporal through temporal/.',
    },
  },
  {
    name: 'sandbox',
    planted: 'sandbox/providers/zarinpal/planted.ts',
    value: ['platform'],
    type: [],
    packages: NOT_TEMPORAL,
    because: {
      rooms:
        "sandbox/ is the outside world: it knows nothing of the shop, so a fake provider cannot share a gateway's mistakes.",
      packages: 'sandbox/ starts the Temporal server; it is none of its clients.',
    },
  },
  {
    name: 'test',
    planted: 'test/journeys/planted.test.ts',
    value: ALL_PLACES,
    type: [],
    packages: 'any',
    because: {},
  },
];

/** The room that a row is about. */
export const roomOf = (row: Row): string => row.name.split('/')[0]!;

/** Whether a row allows a package. */
export function mayUse({ packages }: Row, specifier: string): boolean {
  if (packages === 'any') return true;
  const isAmong = (names: readonly string[]) =>
    names.some((name) => (name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name));
  if ('only' in packages) return isAmong(packages.only);
  return !isAmong([packages.anyBut]) || isAmong(packages.except ?? []);
}
