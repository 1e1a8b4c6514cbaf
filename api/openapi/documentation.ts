import type { Action } from '../../entities/auth/policy';
import type { ErrorCode } from '../../entities/errors';
import type { AnswerShapes, Shape } from '../shapes';

/** What a guard says about its route in the OpenAPI document. */
export interface Documentation {
  readonly operation?: string;
  readonly tag?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly answers?: AnswerShapes;
  readonly errors?: readonly ErrorCode[];
  /** A sentence about the page that refusals are for callers who prefer one. */
  readonly refusalPage?: string;
  readonly body?: Shape;
  /** An example of the CSV table that is the body. */
  readonly csvBody?: string;
  readonly query?: Shape;
  readonly params?: Shape;
  readonly headers?: readonly HeaderParameter[];
  readonly security?: SecurityAlternatives;
  /** What the policy lets callers do here. */
  readonly action?: Action;
}

/** A header that a route reads. Credentials are security schemes instead. */
export interface HeaderParameter {
  readonly name: string;
  readonly sentence: string;
  readonly example: string;
  readonly required: boolean;
}

/** A kind of credential. */
export interface SecurityScheme {
  /** Its name among the security schemes of the document. */
  readonly id: string;
  /** The scheme in the words of OpenAPI: https://spec.openapis.org/oas/v3.1.0#security-scheme-object */
  readonly scheme:
    | { readonly type: 'http'; readonly scheme: 'bearer'; readonly description: string }
    | {
        readonly type: 'apiKey';
        readonly in: 'header' | 'cookie';
        readonly name: string;
        readonly description: string;
      };
}

/**
 * The credentials that a guard accepts: one of these alternatives, each a list of what must be shown together. `[[A], [B]]`
 * is either, `[[A, B]]` is both, `[[A], []]` is A or nothing.
 */
export type SecurityAlternatives = readonly (readonly SecurityScheme[])[];
