let given = 0;

/** An Iranian mobile number that no other test of this process has. */
export function buildPhone(): string {
  given += 1;
  return `+98912${String(1_000_000 + given)}`;
}
