import { storedMap, type Store } from './store';

/** The accounts that a provider knows, by the property that names them. */
export interface AccountTable<Account extends object> {
  find(id: string): Account | undefined;
  /** Adds or changes one. */
  put(id: string, change: Partial<Account>): Account;
  all(): Account[];
}

interface AccountTableOptions<Account extends object, Id extends keyof Account & string> {
  /** The property that names an account. */
  readonly id: Id;
  /** What an account is where nothing else was said. */
  readonly usual: Omit<Account, Id>;
  /** The name of the account that is always there. */
  readonly firstId: string;
  /** How that one differs from the usual. */
  readonly first: Partial<Account>;
}

/** The table with what a restart left: only what differs from the usual is stored. */
export function createAccountTable<Account extends object, Id extends keyof Account & string>(
  store: Store,
  { id, usual, firstId, first }: AccountTableOptions<Account, Id>,
): AccountTable<Account> {
  const changes = storedMap<Partial<Account>>(store, 'accounts');
  const find = (name: string): Account | undefined => {
    const change = changes.get(name);
    if (!change && name !== firstId) return undefined;
    return { ...usual, ...(name === firstId ? first : {}), ...change, [id]: name } as Account;
  };
  return {
    find,
    put(name, change) {
      changes.set(name, { ...changes.get(name), ...change, [id]: name });
      return find(name)!;
    },
    all() {
      const names = new Set([firstId, ...Array.from(changes.values(), (change) => String(change[id]))]);
      return Array.from(names, (name) => find(name)!);
    },
  };
}
