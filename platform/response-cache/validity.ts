import { parseSnapshot, sees, seesAllOf, type Snapshot } from './snapshot';

const MOST_NOTES = 50_000;

/** What makes an entry stale. */
export interface Invalidation {
  readonly tags: readonly string[];
  /** A pattern of entries' names, in which `*` stands for any characters. */
  readonly pattern?: string | undefined;
}

/** What decides whether an entry is valid. */
export interface Validated {
  readonly name: string;
  readonly tags: readonly string[];
  /** Taken before the load. */
  readonly stamp: Snapshot;
}

/** Where a process began to follow the journal. */
export interface JournalStart {
  /** The snapshot whose later events are all noted. */
  readonly snapshot: string;
  /** Of the events before it, those of this transaction and of all later ones are noted too. */
  readonly since: number;
}

/**
 * Which entries are still true, by the journal alone. An entry is valid when its snapshot sees every noted transaction of each of its
 * tags. So a load that began before a commit is never kept, whatever it found, and whichever process made it.
 */
export interface Validity {
  /** The newest snapshot whose events are noted: the stamp of what is loaded from now on. Undefined before `start`. */
  readonly stamp: Snapshot | undefined;
  /** Counts the notes. While it does not change, what was valid is valid. */
  readonly revision: number;
  /** Forgets all notes. */
  start(from: JournalStart): void;
  moveTo(snapshot: string): void;
  note(xid: number, invalidation: Invalidation): void;
  isValid(entry: Validated): boolean;
}

interface Notes {
  xids: number[];
  highest: number;
}

interface Note {
  readonly xid: number;
  readonly at: number;
  readonly forget: () => void;
}

interface CrowdedOut {
  readonly highest: number;
  /** The first snapshot after it that sees all of it. */
  seenBy?: Snapshot | undefined;
}

export interface ValidityOptions {
  /** How long after a change entries from before it may still be found anywhere. */
  readonly keepMs: number;
  readonly now?: () => number;
}

export function createValidity({ keepMs, now = Date.now }: ValidityOptions): Validity {
  const byTag = new Map<string, Notes>();
  const patterns: { readonly pattern: string; readonly xid: number }[] = [];
  const notes: Note[] = [];
  let first: { readonly snapshot: Snapshot; readonly since: number } | undefined;
  /** What was forgotten for want of room. An entry must see all of it. */
  let crowdedOut: CrowdedOut | undefined;
  let stamp: Snapshot | undefined;
  let revision = 0;

  function noteTag(tag: string, xid: number): void {
    const known = byTag.get(tag) ?? { xids: [], highest: 0 };
    if (known.xids.at(-1) === xid) return;
    byTag.set(tag, known);
    known.xids.push(xid);
    known.highest = Math.max(known.highest, xid);
    const forget = () => {
      known.xids.shift();
      if (known.xids.length === 0 && byTag.get(tag) === known) byTag.delete(tag);
    };
    notes.push({ xid, at: now(), forget });
  }

  function notePattern(pattern: string, xid: number): void {
    patterns.push({ pattern, xid });
    notes.push({ xid, at: now(), forget: () => void patterns.shift() });
  }

  function forgetOld(): void {
    const until = now() - keepMs;
    const firstKept = notes.findIndex(({ at }) => at > until);
    for (const { forget } of notes.splice(0, firstKept === -1 ? notes.length : firstKept)) forget();
    if (notes.length <= MOST_NOTES) return;
    const crowded = notes.splice(0, MOST_NOTES / 2);
    for (const { forget } of crowded) forget();
    crowdedOut = { highest: Math.max(crowdedOut?.highest ?? 0, ...crowded.map(({ xid }) => xid)) };
  }

  /** Where a transaction stays open, `xmin` stays below what was forgotten. The snapshot of that moment tells what is from after it. */
  function seesCrowdedOut(entryStamp: Snapshot): boolean {
    if (crowdedOut === undefined || entryStamp.xmin > crowdedOut.highest) return true;
    return crowdedOut.seenBy !== undefined && seesAllOf(entryStamp, crowdedOut.seenBy);
  }

  /** Whether all changes that the stamp does not see would have been noted. */
  function isCovered(entryStamp: Snapshot): boolean {
    if (first === undefined || !seesCrowdedOut(entryStamp)) return false;
    return entryStamp.xmin >= first.since || seesAllOf(entryStamp, first.snapshot);
  }

  return {
    get stamp() {
      return stamp;
    },
    get revision() {
      return revision;
    },
    start({ snapshot, since }) {
      byTag.clear();
      patterns.length = 0;
      notes.length = 0;
      crowdedOut = undefined;
      stamp = readSnapshot(snapshot);
      first = { snapshot: stamp, since };
      revision += 1;
    },
    moveTo(snapshot) {
      if (snapshot !== stamp?.text) stamp = readSnapshot(snapshot);
      if (crowdedOut) crowdedOut.seenBy ??= stamp;
    },
    note(xid, { tags, pattern }) {
      for (const tag of tags) noteTag(tag, xid);
      if (pattern !== undefined) notePattern(pattern, xid);
      revision += 1;
      forgetOld();
    },
    isValid({ name, tags, stamp: entryStamp }) {
      if (!isCovered(entryStamp)) return false;
      const isUnseen = (xid: number) => !sees(entryStamp, xid);
      for (const tag of tags) {
        const known = byTag.get(tag);
        if (known && known.highest >= entryStamp.xmin && known.xids.some(isUnseen)) return false;
      }
      return !patterns.some(({ pattern, xid }) => isUnseen(xid) && matchesPattern(name, pattern));
    },
  };
}

function readSnapshot(text: string): Snapshot {
  const snapshot = parseSnapshot(text);
  if (!snapshot) throw new TypeError(`not a snapshot: ${text}`);
  return snapshot;
}

/** Whether a text is what a pattern says, in which `*` stands for any characters. It takes linear time, unlike a regular expression. */
export function matchesPattern(text: string, pattern: string): boolean {
  const [head, ...parts] = pattern.split('*') as [string, ...string[]];
  const tail = parts.pop();
  if (tail === undefined) return text === pattern;
  if (!text.startsWith(head)) return false;
  let from = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.length >= from + tail.length && text.endsWith(tail);
}
