/** Resolves for everybody of the first round once so many have come; later rounds pass. */
export function barrier(count: number): () => Promise<void> {
  let come = 0;
  let letAllPass: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    letAllPass = resolve;
  });
  return () => {
    come += 1;
    if (come >= count) letAllPass?.();
    return opened;
  };
}
