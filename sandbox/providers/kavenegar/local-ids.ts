import { storedMap, type Store } from '../../kit/store';

/** Which message an account sent under which `localid`. */
export interface LocalIds {
  find(apiKey: string, localId: string): string | undefined;
  add(apiKey: string, localId: string, messageId: string): void;
}

interface Row {
  readonly name: string;
  readonly messageId: string;
}

/** The newest of those that a restart left, and those to come. */
export function createLocalIds(store: Store, limit: number): LocalIds {
  const rows = storedMap<Row>(store, 'local-ids');
  return {
    find: (apiKey, localId) => rows.get(nameOf(apiKey, localId))?.messageId,
    add(apiKey, localId, messageId) {
      const [oldest] = rows.values();
      if (oldest && rows.size >= limit) rows.delete(oldest.name);
      const name = nameOf(apiKey, localId);
      rows.set(name, { name, messageId });
    },
  };
}

function nameOf(apiKey: string, localId: string): string {
  return `${apiKey} ${localId}`;
}
