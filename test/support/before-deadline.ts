/**
 * Runs a scenario that must get somewhere before a deadline. When this machine was too slow for that, the scenario runs
 * again with twice the time.
 *
 * @param firstMs how far away the deadline is in the first run, in milliseconds
 * @param scenario returns when its deadline was, in milliseconds since 1970, and its result
 */
export async function beforeDeadline<Result>(
  firstMs: number,
  scenario: (lifetimeMs: number) => Promise<{ readonly deadline: number; readonly result: Result }>,
): Promise<Result> {
  for (let lifetimeMs = firstMs; ; lifetimeMs *= 2) {
    const { deadline, result } = await scenario(lifetimeMs);
    if (Date.now() < deadline) return result;
  }
}
