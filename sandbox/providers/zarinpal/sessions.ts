import { ageing } from './ageing';
import type { Journal } from './journal';
import { shownState, type Session } from './session';
import type { Switches } from './switches';

/** All sessions of the sandbox. Whatever is handed out has been brought up to the clock's now. */
export interface Sessions {
  add(session: Session): void;
  find(authority: string): Session | undefined;
  /** Newest first. */
  all(): Session[];
  /** Applies a change and tells the journal why; returns the session as it is now. */
  change(session: Session, change: Partial<Session>, why: string): Session;
  clear(): void;
  /** As they are remembered, without looking at the clock. */
  remembered(): Iterable<Session>;
}

/** What the sessions need of the rest of the sandbox. */
export interface SessionsOptions {
  readonly now: () => number;
  readonly switches: () => Switches;
  readonly nextNumber: () => number;
  readonly journal: Journal;
  /** Above this many the oldest finished session is forgotten. */
  readonly limit: number;
  readonly onChange: (authority: string, session: Session | null) => void;
}

/** The sessions that a restart left, and those to come. */
export function createSessions(remembered: Iterable<Session>, options: SessionsOptions): Sessions {
  const { now, switches, nextNumber, journal, limit, onChange } = options;
  const sessions = new Map<string, Session>();
  for (const session of remembered) sessions.set(session.authority, session);

  function change(session: Session, difference: Partial<Session>, why: string): Session {
    const next = { ...session, ...difference };
    sessions.set(next.authority, next);
    onChange(next.authority, next);
    const [from, to] = [shownState(session), shownState(next)];
    journal.add({ kind: 'state', authority: next.authority, from, to, why });
    return next;
  }

  function upToDate(session: Session): Session {
    let current = session;
    for (;;) {
      const due = ageing(current, now(), switches(), nextNumber);
      if (!due) return current;
      current = change(current, due.change, due.why);
    }
  }

  function forgetOne(): void {
    let oldest: string | undefined;
    for (const session of sessions.values()) {
      oldest ??= session.authority;
      if (session.state === 'ACTIVE' || session.state === 'PAID') continue;
      oldest = session.authority;
      break;
    }
    if (oldest === undefined) return;
    sessions.delete(oldest);
    onChange(oldest, null);
  }

  return {
    add(session) {
      if (sessions.size >= limit) forgetOne();
      sessions.set(session.authority, session);
      onChange(session.authority, session);
      journal.add({
        kind: 'state',
        authority: session.authority,
        from: null,
        to: session.state,
        why: 'requested',
      });
    },
    find(authority) {
      const session = sessions.get(authority);
      return session && upToDate(session);
    },
    all: () => Array.from(sessions.values(), upToDate).toReversed(),
    change,
    clear() {
      for (const authority of sessions.keys()) onChange(authority, null);
      sessions.clear();
    },
    remembered: () => sessions.values(),
  };
}
