import { SyntaxProblem, tokenize, type Token } from './tokens';

/** A field with its arguments already filled in from the variables. */
export interface Field {
  readonly name: string;
  /** The key of the answer: the alias, else the name. */
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

/** One operation of a document. */
export interface Operation {
  readonly type: 'query' | 'mutation';
  readonly name: string | null;
  readonly fields: readonly Field[];
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads a document: operations with variables, aliases, arguments and nested fields, which is all that Zarinpal's
 * clients use. Fragments, directives and subscriptions are refused. Throws {@link SyntaxProblem}.
 */
export function parseDocument(source: string, variables: Variables): Operation[] {
  const reader = new Reader(tokenize(source), variables);
  const operations: Operation[] = [];
  while (!reader.isAtEnd()) operations.push(reader.operation());
  return operations;
}

class Reader {
  #at = 0;
  #variables: Variables = {};

  constructor(
    private readonly tokens: readonly Token[],
    private readonly given: Variables,
  ) {}

  isAtEnd(): boolean {
    return this.#at >= this.tokens.length;
  }

  operation(): Operation {
    this.#variables = this.given;
    if (this.#sees('{')) return { type: 'query', name: null, fields: this.#selection() };
    const type = this.#name();
    if (type !== 'query' && type !== 'mutation') throw unexpected(type);
    const name = this.#peek()?.kind === 'name' ? this.#name() : null;
    if (this.#takes('(')) this.#variableDefinitions();
    return { type, name, fields: this.#selection() };
  }

  #variableDefinitions(): void {
    const defaults: Record<string, unknown> = {};
    while (!this.#takes(')')) {
      this.#expect('$');
      const name = this.#name();
      this.#expect(':');
      this.#type();
      if (this.#takes('=')) defaults[name] = this.#value();
    }
    this.#variables = { ...defaults, ...this.given };
  }

  #type(): void {
    if (this.#takes('[')) {
      this.#type();
      this.#expect(']');
    } else {
      this.#name();
    }
    this.#takes('!');
  }

  #selection(): Field[] {
    this.#expect('{');
    const fields: Field[] = [];
    while (!this.#takes('}')) fields.push(this.#field());
    return fields;
  }

  #field(): Field {
    const key = this.#name();
    const name = this.#takes(':') ? this.#name() : key;
    const values: Record<string, unknown> = {};
    if (this.#takes('(')) {
      while (!this.#takes(')')) {
        const argument = this.#name();
        this.#expect(':');
        values[argument] = this.#value();
      }
    }
    return { key, name, values, fields: this.#sees('{') ? this.#selection() : [] };
  }

  #value(): unknown {
    const token = this.#next();
    if (token.kind === 'string') return token.text;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'name') {
      if (token.text === 'null') return null;
      // What is neither is an enum's value, which the answer treats as text.
      return token.text === 'true' ? true : token.text === 'false' ? false : token.text;
    }
    if (token.text === '$') return this.#variables[this.#name()];
    if (token.text === '[') {
      const items: unknown[] = [];
      while (!this.#takes(']')) items.push(this.#value());
      return items;
    }
    throw unexpected(token.text);
  }

  #name(): string {
    const token = this.#next();
    if (token.kind !== 'name') throw unexpected(token.text);
    return token.text;
  }

  #expect(punctuator: string): void {
    const token = this.#next();
    if (token.kind !== 'punctuator' || token.text !== punctuator) throw unexpected(token.text);
  }

  #takes(punctuator: string): boolean {
    if (!this.#sees(punctuator)) return false;
    this.#at += 1;
    return true;
  }

  #sees(punctuator: string): boolean {
    const token = this.#peek();
    return token?.kind === 'punctuator' && token.text === punctuator;
  }

  #peek(): Token | undefined {
    return this.tokens[this.#at];
  }

  #next(): Token {
    const token = this.tokens[this.#at];
    if (!token) throw new SyntaxProblem('Syntax Error: Unexpected <EOF>.');
    this.#at += 1;
    return token;
  }
}

function unexpected(text: string): SyntaxProblem {
  return new SyntaxProblem(`Syntax Error: Unexpected "${text}".`);
}
