import { armedOf } from './armed';
import { clockView } from './clock';
import { flag, instant, oneOf, orNull, readFields, readQuery, text, wholeNumber, type Field } from './fields';
import type { Control, Parts, Provider, Sandbox } from './provider';

/** The calls of the control API that every provider has, and the provider's own, by method and path. */
export function controlsOf(sandbox: Sandbox): Readonly<Record<string, Control>> {
  const { parts } = sandbox;
  const controls: Record<string, Control> = {
    ...parts.controls,
    ...faultControls(sandbox),
    ...(parts.callbacks ? callbackControls(sandbox, parts.callbacks) : {}),
    ...clockControls(sandbox),
    ...(parts.switches ? switchControls(parts.switches) : {}),
    ...journalControls(sandbox),
    'POST /reset': () => {
      resetSandbox(sandbox);
      return { reset: true };
    },
  };
  return { 'GET /': () => overview(sandbox, Object.keys(controls)), ...controls };
}

/** The prefix of the control API. */
export function controlPrefix({ controlPrefix: prefix = '/_sandbox' }: Provider): string {
  return prefix;
}

function faultControls({ provider, faults }: Sandbox): Record<string, Control> {
  const mask = provider.mask ?? same;
  const all = () => ({ faults: mask(faults.all()) });
  const clear = (id?: number) => {
    faults.clear(id);
    return all();
  };
  return {
    'GET /faults': all,
    'POST /faults': ({ body }) => mask(faults.add(body)),
    'DELETE /faults': () => clear(),
    'DELETE /faults/:id': ({ params }) => clear(Number(params.id)),
  };
}

function callbackControls(
  { provider }: Sandbox,
  callbacks: NonNullable<Parts['callbacks']>,
): Record<string, Control> {
  const mask = provider.mask ?? same;
  const held = () => callbacks.held().map(({ note, url }) => ({ ...note, url }));
  const all = () => mask({ rules: callbacks.rules.all(), held: held() });
  return {
    'GET /callbacks': all,
    'POST /callbacks': ({ body }) => mask(callbacks.add(body)),
    'POST /callbacks/release': async ({ body }) => {
      const { order } = readFields({ order: oneOf('as-held', 'reverse') }, body);
      return { deliveries: await callbacks.release(order) };
    },
    'DELETE /callbacks': () => {
      callbacks.clear();
      return all();
    },
  };
}

/** True stands still where the clock is. */
const FREEZE: Field<number | boolean> = {
  fallback: false,
  expected: 'true or an instant',
  read: (value) => flag().read(value) ?? instant().read(value),
};
const FARTHEST_MS = 100 * 365 * 24 * 3_600_000;
const CLOCK_CHANGE = {
  reset: flag(),
  freeze: FREEZE,
  thaw: flag(),
  advanceMs: wholeNumber(0, { least: -FARTHEST_MS, most: FARTHEST_MS }),
};

function clockControls({ kit: { clock } }: Sandbox): Record<string, Control> {
  return {
    'GET /clock': () => clockView(clock),
    'POST /clock': ({ body }) => {
      const { reset, freeze, thaw, advanceMs } = readFields(CLOCK_CHANGE, body);
      if (reset) clock.reset();
      if (freeze !== false) clock.freeze(freeze === true ? undefined : freeze);
      if (thaw) clock.thaw();
      if (advanceMs !== 0) clock.advance(advanceMs);
      return clockView(clock);
    },
  };
}

function switchControls(switches: NonNullable<Parts['switches']>): Record<string, Control> {
  return {
    'GET /switches': () => switches.get(),
    'PATCH /switches': ({ body }) => {
      switches.change(body);
      return switches.get();
    },
    'DELETE /switches': () => {
      switches.clear();
      return switches.get();
    },
  };
}

function journalControls({ kit: { journal }, provider }: Sandbox): Record<string, Control> {
  const mask = provider.mask ?? same;
  const names = ['kind', 'endpoint', ...provider.targets];
  const filter = {
    ...Object.fromEntries(names.map((name) => [name, orNull(text())])),
    after: wholeNumber(0),
  };
  return {
    'GET /journal': ({ query }) => {
      const { after } = readQuery(filter, query);
      // A target may be a credential: the journal has it masked.
      const wanted = Object.entries(mask(Object.fromEntries(query))).filter(([name]) => names.includes(name));
      const entries = journal
        .entries()
        .filter((entry) => entry.seq > after && wanted.every(([name, value]) => entry[name] === value));
      return { entries };
    },
    'DELETE /journal': () => {
      journal.clear();
      return { entries: [] };
    },
  };
}

function resetSandbox({ kit, parts }: Sandbox): void {
  kit.store.reset();
  kit.clock.reset();
  parts.onReset?.();
}

function overview(sandbox: Sandbox, routes: readonly string[]): unknown {
  const { provider, kit, parts, faults } = sandbox;
  const resources = new Set(routes.map((route) => route.split('/')[1]!));
  return {
    ...parts.overview?.(),
    control: Array.from(resources, (name) => `${kit.url()}${controlPrefix(provider)}/${name}`),
    clock: clockView(kit.clock),
    armed: armedOf(sandbox),
    ...(parts.switches ? { switches: parts.switches.get() } : {}),
    faults: faults.all().length,
    ...(parts.callbacks
      ? { callbackRules: parts.callbacks.rules.all().length, heldCallbacks: parts.callbacks.held().length }
      : {}),
  };
}

function same<T>(value: T): T {
  return value;
}
