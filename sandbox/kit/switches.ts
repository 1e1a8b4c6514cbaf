import { fallbacksOf, readChange, type Schema, type Values } from './fields';
import { storedValue, type Store } from './store';

/**
 * Everything about a provider that is unknown or differs between sources or shops. Changing a switch takes effect
 * with the next call.
 */
export interface Switches<V = Readonly<Record<string, unknown>>> {
  get(): V;
  /** Those that differ from their defaults. */
  changed(): Partial<V>;
  /** Changes some. Throws 400. */
  change(body: Readonly<Record<string, unknown>>): void;
  /** Puts all back. */
  clear(): void;
}

/** Switches by their schema, with the changes that a restart left; the fallback of a field is its default. */
export function createSwitches<S extends Schema>(store: Store, schema: S): Switches<Values<S>> {
  const changed = storedValue<Partial<Values<S>>>(store, 'switches', {});
  const defaults = fallbacksOf(schema);
  let cached: { from: unknown; values: Values<S> } | undefined;
  return {
    get() {
      const from = changed.get();
      if (cached?.from !== from) cached = { from, values: { ...defaults, ...from } };
      return cached.values;
    },
    changed: () =>
      Object.fromEntries(
        Object.entries(changed.get()).filter(([name, value]) => value !== defaults[name]),
      ) as Partial<Values<S>>,
    change: (body) => changed.set({ ...changed.get(), ...readChange(schema, body) }),
    clear: () => changed.set({}),
  };
}
