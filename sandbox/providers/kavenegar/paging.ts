import type { Parameters } from './parameters';

const PAGE_SIZE = 200;

/** A page of entries. Its metadata are texts, as in the samples. */
export interface Page {
  readonly entries: readonly unknown[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The page that a call asks for by `pagenumber`, from 1. */
export function pageOf(all: readonly unknown[], parameters: Parameters): Page {
  const number = parameters.whole('pagenumber') || 1;
  return {
    entries: all.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE),
    metadata: {
      totalcount: String(all.length),
      currentpage: String(number),
      totalpages: String(Math.ceil(all.length / PAGE_SIZE)),
      pagesize: String(PAGE_SIZE),
    },
  };
}
