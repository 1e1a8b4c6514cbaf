import type { ControlCall } from '../control';
import type { Sandbox } from '../sandbox';
import { ControlProblem } from './input';

/** `/_sandbox/journal`: GET lists, oldest first, by `authority`, `endpoint`, `kind`, `after` (a seq); DELETE empties. */
export function answerJournalControl(sandbox: Sandbox, { method, query }: ControlCall): unknown {
  if (method === 'DELETE') {
    sandbox.clearJournal();
    return { entries: [] };
  }
  if (method !== 'GET') throw new ControlProblem(405, 'use GET or DELETE');
  const wanted = ['authority', 'endpoint', 'kind'].filter((name) => query.has(name));
  const after = Number(query.get('after') ?? 0);
  const entries = sandbox.journal
    .entries()
    .filter((entry) => entry.seq > after && wanted.every((name) => entry[name] === query.get(name)));
  return { entries };
}
