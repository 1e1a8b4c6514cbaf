/**
 * The table "who may import whom" of docs/overview.md once more, as data: what the linter is held against.
 * A place is something that can be imported; `value` and `type` list the places a room may name.
 */
export const PLACES = {
  entities: ['entities', 'entities/checkout/place-order'],
  workflows: ['workflows', 'workflows/shared/local-first', 'workflows/checkout/checkout.workflow'],
  contract: ['workflows/checkout/checkout.contract', 'workflows/search-attributes.contract'],
  steps: ['workflows/checkout/checkout.steps'],
  activities: ['activities', 'activities/payments/gateways', 'activities/payments/zarinpal/inbound'],
  inbound: ['activities/payments/inbound'],
  temporal: ['temporal', 'temporal/checkout'],
  workers: ['workers', 'workers/health'],
  api: ['api', 'api/app', 'api/clients/list'],
  client: ['api/client', 'api/client/generated'],
  realtime: ['realtime', 'realtime/server'],
  platform: ['platform', 'platform/config/load-config'],
  commands: ['commands', 'commands/seed'],
  sandbox: ['sandbox', 'sandbox/dev'],
  test: ['test', 'test/support/shop'],
} as const satisfies Record<string, readonly string[]>;

export type Place = keyof typeof PLACES;

/** A row of the table: `name` is a file of the room, `itself` the places that are part of it. */
export interface Row {
  name: string;
  itself: readonly Place[];
  value: readonly Place[];
  type: readonly Place[];
  /** Whether the room may import that package; `node:fs` stands for Node's own modules. */
  mayUse(specifier: string): boolean;
}

const isTemporal = (specifier: string) => specifier.startsWith('@temporalio/');
const anyButTemporal = (specifier: string) => !isTemporal(specifier);
const only =
  (...allowed: string[]) =>
  (specifier: string) =>
    allowed.includes(specifier);

export const TABLE: readonly Row[] = [
  {
    name: 'entities/orders/planted.ts',
    itself: ['entities'],
    value: [],
    type: [],
    mayUse: only('typeorm', 'class-validator', 'class-transformer', 'node:fs'),
  },
  { name: 'platform/planted.ts', itself: ['platform'], value: [], type: [], mayUse: anyButTemporal },
  {
    name: 'workflows/checkout/planted.workflow.ts',
    itself: ['workflows', 'contract', 'steps'],
    value: [],
    type: ['entities'],
    mayUse: only('@temporalio/workflow', '@temporalio/common'),
  },
  {
    name: 'activities/payments/planted.ts',
    itself: ['activities', 'inbound'],
    value: ['entities', 'platform', 'contract'],
    type: ['steps'],
    mayUse: (specifier) =>
      anyButTemporal(specifier) || only('@temporalio/activity', '@temporalio/common')(specifier),
  },
  {
    name: 'temporal/planted.ts',
    itself: ['temporal'],
    value: ['platform', 'contract'],
    type: ['entities'],
    mayUse: (specifier) => isTemporal(specifier) || specifier === 'node:fs',
  },
  {
    name: 'workers/planted.ts',
    itself: ['workers'],
    value: ['activities', 'inbound', 'entities', 'temporal', 'platform', 'contract'],
    type: [],
    mayUse: () => true,
  },
  {
    name: 'api/orders/planted.routes.ts',
    itself: ['api', 'client'],
    value: ['entities', 'temporal', 'platform'],
    type: ['activities', 'inbound', 'contract'],
    mayUse: anyButTemporal,
  },
  {
    name: 'api/main.ts',
    itself: ['api', 'client'],
    value: ['entities', 'temporal', 'platform', 'inbound'],
    type: ['activities', 'contract'],
    mayUse: anyButTemporal,
  },
  {
    name: 'realtime/planted.ts',
    itself: ['realtime'],
    value: ['entities', 'platform'],
    type: [],
    mayUse: anyButTemporal,
  },
  {
    name: 'commands/planted.ts',
    itself: ['commands'],
    value: ['entities', 'temporal', 'platform', 'client'],
    type: [],
    mayUse: anyButTemporal,
  },
  {
    name: 'sandbox/providers/zarinpal/planted.ts',
    itself: ['sandbox'],
    value: ['platform'],
    type: [],
    mayUse: anyButTemporal,
  },
  {
    name: 'test/journeys/planted.test.ts',
    itself: ['test'],
    value: Object.keys(PLACES) as Place[],
    type: [],
    mayUse: () => true,
  },
];
