/** A class with class-validator decorators: it validates a part of a request, or describes an answer. */
export type Shape<T extends object = object> = new () => T;

/** JSON, or an HTML page for a caller that prefers one. */
export interface JsonOrPage<View extends object = object> {
  readonly json: Shape<View>;
  /** A sentence about the page. */
  readonly page: string;
}

/** The content of an answer: JSON of a class, a list of such objects, JSON or a page, or a sentence for no content. */
export type AnswerShape = Shape | readonly [Shape] | JsonOrPage | string;

/** The answers of a route by their status. */
export type AnswerShapes = Readonly<Record<number, AnswerShape>>;

/** What a handler may return: one of the statuses that its route documents, with the content documented for it. */
export type Answer<Shapes extends AnswerShapes> = {
  [Status in keyof Shapes & number]: Head<Status> & ContentOf<Shapes[Status]>;
}[keyof Shapes & number];

interface Head<Status extends number> {
  readonly status: Status;
  readonly headers?: Readonly<Record<string, string>>;
}

type ContentOf<S extends AnswerShape> =
  S extends Shape<infer View>
    ? { readonly body: View }
    : S extends readonly [Shape<infer View>]
      ? { readonly body: readonly View[] }
      : S extends JsonOrPage<infer View>
        ? { readonly body: View } | { readonly page: string }
        : { readonly body?: never };
