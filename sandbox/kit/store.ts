import { openLogFile, readLogFile, type LogFile } from './log-file';

/**
 * What a sandbox remembers, in named parts. A part is declared once, before `open`, and finds what the last process
 * left. Without a file everything ends with the process.
 */
export interface Store {
  part<T>(name: string, options: PartOptions<T>): Part<T>;
  /** Begins to write. */
  open(): void;
  /** Writes what has changed; called before every answer and every outgoing request. */
  flush(): void;
  /** Empties all parts but those that are kept for ever. */
  reset(): void;
  close(): void;
}

/** How the store asks a part about itself. */
export interface PartOptions<T> {
  /** What is worth keeping when the file is rewritten. */
  readonly survivors: () => Iterable<readonly [key: string, value: T]>;
  /** Forgets everything in memory; the file follows by itself. Absent for what a reset must not touch. */
  readonly reset?: () => void;
}

/** One part as its owner sees it. */
export interface Part<T> {
  /** What the last process left. */
  readonly remembered: ReadonlyMap<string, T>;
  put(key: string, value: T): void;
  remove(key: string): void;
  clear(): void;
}

/** One value. */
export interface StoredValue<T> {
  get(): T;
  set(value: T): void;
}

type Change = readonly [part: string, key?: string, value?: unknown];

/** The store as its file left it. */
export function createStore(file?: string): Store {
  const remembered = replay(file ? (readLogFile(file) as Change[]) : []);
  const parts = new Map<string, PartOptions<unknown>>();
  let log: LogFile | undefined;
  const write = (...change: Change) => log?.append(change);

  function* survivors(): Generator<Change> {
    for (const [name, part] of parts) for (const [key, value] of part.survivors()) yield [name, key, value];
  }

  return {
    part<T>(name: string, options: PartOptions<T>): Part<T> {
      parts.set(name, options);
      return {
        remembered: (remembered.get(name) ?? new Map()) as Map<string, T>,
        put: (key, value) => write(name, key, value),
        remove: (key) => write(name, key),
        clear: () => write(name),
      };
    },
    open() {
      remembered.clear();
      if (file) log = openLogFile(file, survivors);
    },
    flush: () => log?.flush(),
    reset() {
      for (const [name, { reset }] of parts) {
        if (!reset) continue;
        reset();
        write(name);
      }
    },
    close() {
      log?.close();
      log = undefined;
    },
  };
}

/** A value that survives a restart. */
export function storedValue<T>(
  store: Store,
  name: string,
  initial: T,
  { survivesReset = false }: { survivesReset?: boolean } = {},
): StoredValue<T> {
  const part: Part<T> = store.part<T>(name, {
    survivors: () => [['', value]],
    ...(survivesReset ? {} : { reset: () => (value = initial) }),
  });
  let value: T = part.remembered.get('') ?? initial;
  return {
    get: () => value,
    set(next) {
      value = next;
      part.put('', next);
    },
  };
}

/** A map that survives a restart; it keeps the order in which keys were first set. */
export interface StoredMap<T> {
  readonly size: number;
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  clear(): void;
  values(): Iterable<T>;
}

/** A {@link StoredMap} as the last process left it. */
export function storedMap<T>(store: Store, name: string): StoredMap<T> {
  const part: Part<T> = store.part<T>(name, { survivors: () => map, reset: () => map.clear() });
  const map: Map<string, T> = new Map(part.remembered);
  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(key),
    set(key, value) {
      map.set(key, value);
      part.put(key, value);
    },
    delete(key) {
      if (map.delete(key)) part.remove(key);
    },
    clear() {
      map.clear();
      part.clear();
    },
    values: () => map.values(),
  };
}

function replay(changes: readonly Change[]): Map<string, Map<string, unknown>> {
  const parts = new Map<string, Map<string, unknown>>();
  for (const [name, key, ...value] of changes) {
    const part = parts.get(name) ?? new Map<string, unknown>();
    parts.set(name, part);
    if (key === undefined) part.clear();
    else if (value.length === 0) part.delete(key);
    else part.set(key, value[0]);
  }
  return parts;
}
