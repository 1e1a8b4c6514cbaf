/** A secret of the loaded sections with every value that it has; a list has several. */
export interface GivenSecret {
  readonly variable: string;
  readonly values: readonly string[];
  /** Its values in development. */
  readonly defaults: readonly unknown[];
  /** An address may be known: only the password in it is a secret. */
  readonly isAddress: boolean;
}

/** Every development secret says so, also one of a section that this process does not load. */
const DEVELOPMENT = /development-only/i;
/** 32 random hexadecimal digits have fewer different ones once in some ten million draws. */
const FEWEST_CHARACTERS = 8;
const SHORTEST_PASSWORD = 12;

/**
 * What is wrong with the secrets of a production, one sentence a problem: development values, those that can be guessed, and
 * one value for two purposes. White space around a value makes no difference.
 */
export function problemsOfSecrets(secrets: readonly GivenSecret[]): string[] {
  return [
    ...secrets.flatMap(({ variable, values, defaults, isAddress }) => {
      const reason = isAddress
        ? values.some(hasWeakPassword) && PASSWORD_REASON
        : reasonAgainst(
            values.map((value) => value.trim()),
            defaults,
          );
      return reason ? [`${variable} ${reason}`] : [];
    }),
    ...problemsOfEqualSecrets(secrets.filter(({ isAddress }) => !isAddress)),
  ];
}

const PASSWORD_REASON = `has a password that is easy to guess: take one of at least ${SHORTEST_PASSWORD} characters at random`;

function reasonAgainst(values: readonly string[], defaults: readonly unknown[]): string | undefined {
  if (values.some((value) => DEVELOPMENT.test(value) || defaults.includes(value))) {
    return 'has a development value, which everybody knows: set one of your own';
  }
  if (values.some(isGuessable)) {
    return 'is easy to guess: take one at random, for instance from openssl rand -hex 32';
  }
  return new Set(values).size < values.length ? 'has the same value twice' : undefined;
}

function problemsOfEqualSecrets(secrets: readonly GivenSecret[]): string[] {
  const owners = new Map<string, string>();
  const problems = new Set<string>();
  for (const { variable, values } of secrets) {
    for (const value of values.map((it) => it.trim())) {
      const owner = owners.get(value) ?? variable;
      owners.set(value, owner);
      if (owner === variable) continue;
      problems.add(`${variable} has the same value as ${owner}: each secret needs its own`);
    }
  }
  return [...problems];
}

/** Few different characters, or one part over and over. */
function isGuessable(value: string): boolean {
  return new Set(value).size < FEWEST_CHARACTERS || (value + value).indexOf(value, 1) < value.length;
}

/** Whether an address has a password that others would try first. Without one the server knows its clients otherwise. */
function hasWeakPassword(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password, searchParams } = new URL(address);
  const given = searchParams.get('password') ?? decoded(password);
  if (given === '') return false;
  return given.length < SHORTEST_PASSWORD || given.includes(decoded(username) || '\0') || isGuessable(given);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
