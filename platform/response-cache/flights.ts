/** Runs one load per name at a time. */
export interface Flights<Result> {
  /**
   * Joins the load of this name, or begins it. A load that fails, fails for all who wait.
   *
   * @param isCurrent whether a result is still true for somebody who came while it was being loaded; otherwise it is loaded once more
   */
  run(name: string, load: () => Promise<Result>, isCurrent: (result: Result) => boolean): Promise<Result>;
}

export function createFlights<Result>(): Flights<Result> {
  const running = new Map<string, Promise<Result>>();

  function begin(name: string, load: () => Promise<Result>): Promise<Result> {
    const flight = load().finally(() => running.delete(name));
    running.set(name, flight);
    return flight;
  }

  return {
    async run(name, load, isCurrent) {
      const joined = running.get(name);
      if (!joined) return begin(name, load);
      const result = await joined;
      // It began before this caller came, and what it shows was changed meanwhile.
      return isCurrent(result) ? result : (running.get(name) ?? begin(name, load));
    },
  };
}
