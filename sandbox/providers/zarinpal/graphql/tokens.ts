/** The query is not GraphQL as far as the sandbox reads it. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
}

/** One token: a name, a number, a string already unquoted, or a punctuator. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'punctuator';
  readonly text: string;
}

// Commas are white space in GraphQL (specification 2.1.7): the official clients put them between fields.
const IGNORED = /(?:[\s,\uFEFF]|#[^\n\r]*)*/y;
const TOKEN =
  /("""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*")|([_A-Za-z][_0-9A-Za-z]*)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.\.\.|[!$&()*:=@[\]{|}])/y;

/** Cuts a query into tokens. Throws {@link SyntaxProblem}. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipIgnored(source, 0); at < source.length; at = skipIgnored(source, at)) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match) throw new SyntaxProblem(`Syntax Error: Unexpected character "${source[at]}".`);
    at = TOKEN.lastIndex;
    const [, quoted, name, number, punctuator] = match;
    if (quoted !== undefined) tokens.push({ kind: 'string', text: unquoted(quoted) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'punctuator', text: punctuator ?? '' });
  }
  return tokens;
}

function skipIgnored(source: string, at: number): number {
  IGNORED.lastIndex = at;
  IGNORED.exec(source);
  return IGNORED.lastIndex;
}

function unquoted(quoted: string): string {
  if (quoted.startsWith('"""')) return quoted.slice(3, -3);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new SyntaxProblem('Syntax Error: Unterminated string.');
  }
}
