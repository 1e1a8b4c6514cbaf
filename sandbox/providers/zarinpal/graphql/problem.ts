/** What the account API puts into its top-level `errors`. */
export class GraphqlProblem extends Error {
  override readonly name = 'GraphqlProblem';
}
