import { asciiDigits } from '../values/ascii-digits';

/** The first five digits have no 0 and no 2, the others may have any: 1416932790 and 5951412749 are in use. */
const STRICT = /^[13-9]{5}\d{5}$/;
const LOOSE = /^\d{10}$/;

/** More than any spelling needs. */
const LONGEST_SPELLING = 40;

/** Spaces, dashes of any kind, and marks that no screen shows. */
const BETWEEN = /[\s\p{Pd}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2212_]/gu;

export interface PostalCodeRules {
  /** Whether codes count that the post cannot have given out. False takes any ten digits. True by default. */
  readonly isStrict?: boolean;
}

/** An Iranian postal code: ten ASCII digits, from any spelling. Undefined for everything else. */
export function postalCode(spelling: string, { isStrict = true }: PostalCodeRules = {}): string | undefined {
  if (spelling.length > LONGEST_SPELLING) return undefined;
  const digits = asciiDigits(spelling).replaceAll(BETWEEN, '');
  return (isStrict ? STRICT : LOOSE).test(digits) ? digits : undefined;
}
