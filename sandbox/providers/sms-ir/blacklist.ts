import { oneOf, type Values } from '../../kit/fields';
import { storedMap, type Store } from '../../kit/store';
import { fateOf } from '../sms/magic-recipients';

/** `advertising`: gets nothing but templates and texts from service lines. `all`: gets nothing. */
export const BLOCK = { blocks: oneOf('advertising', 'all') };

export type Block = { readonly mobile: string } & Values<typeof BLOCK>;

/** Who gets no messages, or only some. Mobile numbers have ten digits here. */
export interface Blacklist {
  blocksTexts(mobile: string, isServiceLine: boolean): boolean;
  blocksTemplates(mobile: string): boolean;
  put(block: Block): void;
  remove(mobile: string): void;
  all(): Block[];
}

/** The list that a restart left. The magic recipient is always on it. */
export function createBlacklist(store: Store): Blacklist {
  const blocks = storedMap<Block>(store, 'blacklist');
  const find = (mobile: string) =>
    fateOf(`+98${mobile}`) === 'blacklisted' ? 'all' : blocks.get(mobile)?.blocks;
  return {
    blocksTexts(mobile, isServiceLine) {
      const found = find(mobile);
      return found === 'all' || (found === 'advertising' && !isServiceLine);
    },
    blocksTemplates: (mobile) => find(mobile) === 'all',
    put: (block) => blocks.set(block.mobile, block),
    remove: (mobile) => blocks.delete(mobile),
    all: () => [...blocks.values()],
  };
}
