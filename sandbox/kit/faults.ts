import type { Answer, Outcome } from './answer';
import { KIT_FAULTS, type FaultKind } from './fault-kinds';
import { oneOf, orNull, readFields, text, wholeNumber, type Schema } from './fields';
import { RequestProblem } from './problem';
import { createRules, type Rule, type Rules, type Target } from './rules';
import { storedValue, type Store } from './store';

/** Something that goes wrong with the next calls that fit; the details of its kind stand beside these. */
export interface Fault extends Rule {
  readonly kind: string;
  readonly endpoint: string | null;
  /** Whether the call has taken effect when the fault strikes. */
  readonly when: 'before' | 'after';
}

/** What goes wrong with a provider's endpoints. */
export interface Faults extends Pick<Rules<Fault>, 'all' | 'clear'> {
  /** Reads a fault as the control API gets it, and adds it. Throws 400. */
  add(body: Readonly<Record<string, unknown>>): Fault;
  /**
   * Performs a call with the first fault that fits it, or else with the provider's own one, if there is any. `perform`
   * is the true call: its effect happens when it runs.
   */
  perform(target: Target, perform: () => Promise<Answer>, own?: OwnFault): Promise<Performed>;
}

/** A fault that a provider gives a call by itself, written as for the control API. */
export type OwnFault = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** What became of a call. */
export interface Performed {
  readonly outcome: Outcome;
  /** The true answer, when the call took effect. */
  readonly answer: Answer | undefined;
  readonly fault: Fault | undefined;
}

/** How a provider's faults can be written. */
export interface FaultsOptions {
  readonly endpoints: readonly string[];
  /** The targets that a fault can name, beside the endpoint. */
  readonly targets: readonly string[];
  /** The provider's own kinds, in addition to the kit's. */
  readonly kinds?: Readonly<Record<string, FaultKind>> | undefined;
}

/** The faults that a restart left, and those to come. */
export function createFaults(store: Store, { endpoints, targets, kinds: own = {} }: FaultsOptions): Faults {
  const kinds: Readonly<Record<string, FaultKind>> = { ...KIT_FAULTS, ...own };
  const rules = createRules(storedValue<readonly Fault[]>(store, 'faults', []), ['endpoint', ...targets]);
  const common: Schema = {
    when: oneOf('before', 'after'),
    // Absent: the next call only. Null: until cleared.
    times: orNull(wholeNumber(1, { least: 1 }), 1),
    endpoint: orNull(oneOf(...(endpoints as [string, ...string[]]))),
    ...Object.fromEntries(targets.map((name) => [name, orNull(text())])),
  };
  const read = ({ kind, ...body }: Readonly<Record<string, unknown>>): Fault => {
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      throw new RequestProblem(400, `kind is one of ${Object.keys(kinds).join(', ')}`);
    }
    return { id: 0, kind, ...readFields({ ...common, ...kinds[kind]!.fields }, body) } as Fault;
  };

  return {
    all: () => rules.all(),
    clear: (id) => rules.clear(id),
    add: (body) => rules.add(read(body)),
    async perform(target, perform, own) {
      const fault = rules.take(target) ?? (own && read(own));
      let answer: Answer | undefined;
      const remembering = async () => (answer = await perform());
      // A kind that a newer version of the sandbox does not know any more does nothing.
      const kind = fault && kinds[fault.kind];
      const outcome = kind ? await kind.strike(fault, remembering) : await remembering();
      return { outcome, answer, fault };
    },
  };
}
