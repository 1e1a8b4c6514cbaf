import type { Documentation } from './openapi/documentation';
import type { AnswerShapes } from './shapes';

/** What a route does, what it answers, and which refusals its own work adds to those of its guards. */
export interface RouteDescription<Answers extends AnswerShapes> extends Pick<
  Documentation,
  'csvBody' | 'description' | 'errors' | 'headers' | 'params'
> {
  /** The name of the operation in the document and in the client: a verb and what it acts on. */
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  /** The handler may return these and no others. */
  readonly answers: Answers;
}

/** The head of a pipeline: the route in the OpenAPI document, and the type of the handler's answer. */
export function describeRoute<const Answers extends AnswerShapes>(
  description: RouteDescription<Answers>,
): RouteDescription<Answers> {
  return description;
}
