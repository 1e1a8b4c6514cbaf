/** Resolves for all callers once `count` of them have arrived. Later callers pass at once. */
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
