/** A place where a step waits: the test sees it arrive and lets it go on. */
export interface Gate {
  /** Resolves when the step is here. */
  readonly reached: Promise<void>;
  open(): void;
  /** Arrives here and waits until the gate is opened. */
  pass(): Promise<void>;
}

export function buildGate(): Gate {
  let open!: () => void;
  let reach!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return {
    reached,
    open,
    pass() {
      reach();
      return opened;
    },
  };
}
