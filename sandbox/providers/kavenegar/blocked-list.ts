import { storedMap, type Store } from '../../kit/store';

/** Who blocked a number on a line: the API, the panel, the person by «لغو۱۱», an administrator, or nobody knows. */
export const BLOCK_REASONS = [0, 1, 2, 3, 10] as const;

export type BlockReason = (typeof BLOCK_REASONS)[number];

/** A number that gets no text from a line. */
export interface Block {
  readonly line: string;
  /** `09121234567`. */
  readonly number: string;
  readonly reason: BlockReason;
  readonly at: number;
}

/** The blocked numbers of all lines. */
export interface BlockedList {
  find(line: string, number: string): Block | undefined;
  put(block: Block): void;
  remove(block: Block): void;
  all(): Block[];
}

const MOST_BLOCKS = 10_000;

/** The list with what a restart left; above its limit the oldest is forgotten. */
export function createBlockedList(store: Store): BlockedList {
  const blocks = storedMap<Block>(store, 'blocked');
  const nameOf = ({ line, number }: Pick<Block, 'line' | 'number'>) => `${line} ${number}`;
  return {
    find: (line, number) => blocks.get(nameOf({ line, number })),
    put(block) {
      const [oldest] = blocks.values();
      if (oldest && blocks.size >= MOST_BLOCKS) blocks.delete(nameOf(oldest));
      blocks.set(nameOf(block), block);
    },
    remove: (block) => blocks.delete(nameOf(block)),
    all: () => [...blocks.values()],
  };
}
