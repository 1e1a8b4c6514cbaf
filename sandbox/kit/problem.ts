/** A request that cannot be answered. The caller gets the HTTP status and the sentence. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
