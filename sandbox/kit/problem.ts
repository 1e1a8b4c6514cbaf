/** A request that cannot be answered as it stands: thrown anywhere, sent as this HTTP status with the sentence. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
