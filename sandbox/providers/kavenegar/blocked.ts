import { lineOf, type Account } from './accounts';
import { BLOCK_REASONS, type Block } from './blocked-list';
import { Refusal } from './codes';
import type { Kavenegar } from './kavenegar';
import { pageOf, type Page } from './paging';
import type { Parameters } from './parameters';
import { receptorOf } from './receptor';

const MOST_NUMBERS = 200;
const MOST_REMOVED = 50;

/** `line/blocked/list`: who blocks a line, in pages. */
export function listBlocked({ blocked }: Kavenegar, account: Account, parameters: Parameters): Page {
  const line = lineOf(account, parameters.required('linenumber'));
  const reason = parameters.whole('blockreason');
  if (reason !== undefined && !BLOCK_REASONS.some((known) => known === reason)) throw new Refusal(400);
  const start = parameters.seconds('startdate') ?? 0;
  const fitting = blocked
    .all()
    .filter((block) => block.line === line && (reason === undefined || block.reason === reason))
    .map(({ number, reason: blockreason, at }) => ({ number, blockreason, date: Math.floor(at / 1_000) }))
    .filter(({ date }) => date >= start);
  return pageOf(fitting, parameters);
}

/** `line/blocked/add`. */
export function addBlocked(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const { blocked, kit } = kavenegar;
  return named(kavenegar, account, parameters, MOST_NUMBERS).map(({ line, number, block }) => {
    if (!block) blocked.put({ line, number, reason: 0, at: kit.clock.now() });
    return { linenumber: line, receptor: number, status: block ? 'AlreadyExists' : 'Active' };
  });
}

/** `line/blocked/exists`. */
export function existsBlocked(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  return named(kavenegar, account, parameters, MOST_NUMBERS).map(({ line, number, block }) => ({
    linenumber: line,
    receptor: number,
    status: block ? 'Active' : 'NotExists',
  }));
}

/** `line/blocked/remove`: only what the API or the panel blocked. */
export function removeBlocked(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const removed = named(kavenegar, account, parameters, MOST_REMOVED)
    .map(({ block }) => block)
    .filter((block) => block !== undefined && block.reason <= 1) as Block[];
  for (const block of removed) kavenegar.blocked.remove(block);
  return { message: `Done-removed ${removed.length} item from blacklist` };
}

function named({ blocked, switches }: Kavenegar, account: Account, parameters: Parameters, most: number) {
  const line = lineOf(account, parameters.required('linenumber'));
  const given = parameters.list('receptor');
  if (given.length > most) throw new Refusal(604);
  const numbers = given.map((receptor) => receptorOf(receptor, switches()).local);
  return numbers.map((number) => ({ line, number, block: blocked.find(line, number) }));
}
