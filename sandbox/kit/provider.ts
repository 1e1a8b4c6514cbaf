import type { Answer } from './answer';
import type { Call } from './call';
import type { Callbacks } from './callbacks';
import type { FaultKind } from './fault-kinds';
import type { Faults, OwnFault } from './faults';
import type { Kit } from './kit';
import type { Language, Wording } from './pages/language';
import type { Markup } from './pages/markup';
import type { Target } from './rules';
import type { Switches } from './switches';

/** A sandbox of one provider, before it listens. */
export interface Provider {
  /** Names the folder of its store. */
  readonly name: string;
  readonly title: Wording;
  /** A line on top of every page: that this is a sandbox, and whose. */
  readonly ribbon: Wording;
  /** Under these names it is the provider and nothing else; control API and index page are under all others. */
  readonly hosts?: readonly string[];
  /** What identifies a call or callback, for faults, rules and journal: names such as `messageId`. */
  readonly targets: readonly string[];
  /** Where the control API is; by default `/_sandbox`. */
  readonly controlPrefix?: string;
  /** Whether paths are taken literally. By default letter case and a slash at the end do not matter. */
  readonly literalPaths?: boolean;
  /** The largest body of a request; 1 MiB by default. */
  readonly bodyLimitBytes?: number;
  /** Hides credentials and personal data in what journal and control API show. */
  readonly mask?: <T>(note: T) => T;
  open(kit: Kit): Parts;
}

/** What a provider makes of a kit. */
export interface Parts {
  readonly endpoints: readonly Endpoint[];
  /** The provider's own part of the control API, by method and path below the prefix: `GET /messages/:id`. */
  readonly controls?: Readonly<Record<string, Control>>;
  /** Kinds of faults in addition to the kit's. */
  readonly faults?: Readonly<Record<string, FaultKind>>;
  readonly switches?: Switches;
  readonly callbacks?: Callbacks<never>;
  /** The answer to an error that an endpoint threw; undefined for one that is not the provider's own. */
  readonly refusal?: (error: unknown) => Answer | undefined;
  /** The answer where there is no endpoint (404), or none for the method (405). */
  readonly nothing?: (call: Call, status: 404 | 405) => Answer;
  /** What the control API shows at its own address: addresses and counts. */
  readonly overview?: () => Readonly<Record<string, unknown>>;
  /** The provider's own part of the index page. */
  readonly index?: (language: Language) => Markup;
  /** Runs when the sandbox listens, also after a restart. */
  readonly onStart?: () => void;
  /** Forgets what is in memory only. */
  readonly onReset?: () => void;
}

/** One call that the provider offers. */
export interface Endpoint {
  /** Names the endpoint in faults and journal. */
  readonly name: string;
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[];
  /** A pattern of @koa/router: `/v1/messages/:id`. */
  readonly path: string;
  /** On which of the provider's hosts, by default on all. Under other names an endpoint always exists. */
  readonly hosts?: readonly string[];
  readonly isServed?: (call: Call) => boolean;
  /** The targets that a call concerns: before it has an answer, and with its true answer. */
  readonly target?: (call: Call, answer?: Answer) => Target;
  /** What goes wrong with this call although nobody armed it, such as for a magic recipient. An armed fault is first. */
  readonly fault?: (call: Call) => OwnFault | undefined;
  /** What the journal keeps of a request; by default the JSON object of its body. */
  readonly note?: (call: Call) => Readonly<Record<string, unknown>>;
  readonly answer: (call: Call) => Answer | Promise<Answer>;
}

/** A call of the control API, read. */
export interface ControlCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answers a call of the control API with something that JSON can carry. Throws a RequestProblem. */
export type Control = (call: ControlCall) => unknown;

/** A provider, put together with its kit. */
export interface Sandbox {
  readonly provider: Provider;
  readonly kit: Kit;
  readonly parts: Parts;
  readonly faults: Faults;
}
