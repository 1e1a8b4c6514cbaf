import type { Documentation, SecurityAlternatives, SecurityScheme } from './documentation';

/** A security requirement of OpenAPI: what must be shown together. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** What a route demands whose guards demand all of this: every combination of their alternatives. */
export function requirementsOf(documentation: readonly Documentation[]): SecurityRequirement[] {
  const combined = documentation
    .flatMap(({ security }) => (security ? [security] : []))
    .reduce<SecurityAlternatives>(
      (sofar, security) => sofar.flatMap((some) => security.map((more) => [...some, ...more])),
      [[]],
    );
  return combined.map((schemes) => Object.fromEntries(schemes.map(({ id }) => [id, []])));
}

/** The security schemes of a document, by their ids. */
export function schemesOf(documentation: readonly Documentation[]): Record<string, SecurityScheme['scheme']> {
  const schemes: Record<string, SecurityScheme['scheme']> = {};
  for (const { id, scheme } of documentation.flatMap(({ security = [] }) => security.flat())) {
    if (schemes[id] && schemes[id] !== scheme) throw new Error(`two security schemes are called ${id}`);
    schemes[id] = scheme;
  }
  return schemes;
}
