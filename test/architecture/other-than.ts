/** A text that a pattern leaves alone. */
export interface Allowed {
  readonly text: string;
  /** What may follow: nothing, a path below it, or anything. */
  readonly follows: 'end' | 'path' | 'anything';
}

interface Node {
  readonly children: Map<string, Node>;
  follows?: Allowed['follows'];
}

/** Where the pattern looks: characters that end its reach, and what it asks of the characters after a difference. */
export interface Reach {
  readonly stopAt?: string;
  readonly rest?: string;
}

/**
 * A regular expression for every text that is none of these, as the linter needs it: its engine has no look-ahead, so the
 * first difference is spelled letter by letter.
 */
export function otherThan(allowed: readonly Allowed[], { stopAt = '', rest = '' }: Reach = {}): string {
  const root: Node = { children: new Map() };
  for (const { text, follows } of allowed) insert(root, text, follows);
  return spell(root, stopAt, rest);
}

function insert(root: Node, text: string, follows: Allowed['follows']): void {
  let node = root;
  for (const letter of text) {
    const next = node.children.get(letter) ?? { children: new Map() };
    node.children.set(letter, next);
    node = next;
  }
  node.follows = follows;
}

function spell(node: Node, stopAt: string, rest: string): string {
  const letters = [...node.children.keys()];
  const expected = node.follows === 'path' ? [...letters, '/'] : letters;
  const known = [...expected, ...stopAt].map(escape).join('');
  const ways = [(known === '' ? '.' : `[^${known}]`) + rest];
  if (node.follows === undefined) ways.push('$');
  for (const [letter, child] of node.children)
    if (child.follows !== 'anything') ways.push(escape(letter) + spell(child, stopAt, rest));
  return `(${ways.join('|')})`;
}

function escape(letter: string): string {
  return /[\w@/:]/.test(letter) ? letter : `\\${letter}`;
}
