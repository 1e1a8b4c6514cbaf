/** How often codes may be asked for and guessed. */
export interface VerificationLimits {
  /** How long a code is of use. */
  readonly lifetimeSeconds: number;
  /** Codes for one number. A known device has as many again for itself, and all of them together five times as many. */
  readonly perNumber: { readonly hour: number; readonly day: number };
  /** How long a number waits after its first code of an hour, after its second, and after each further one. */
  readonly waitSeconds: readonly number[];
  /** Codes for one address. Mobile operators put thousands of people behind one. */
  readonly perAddress: { readonly hour: number };
  /** Codes for everybody, because each costs money. */
  readonly inAll: { readonly minute: number; readonly hour: number; readonly day: number };
  /** One in so many of those for everybody is kept for known devices. */
  readonly keptOneIn: number;
  /** Wrong codes for one number, over all its codes of an hour. A known device has as many again for itself. */
  readonly wrongPerHour: number;
}

/** The limits of a shop of usual size. */
export const VERIFICATION_LIMITS: VerificationLimits = {
  lifetimeSeconds: 300,
  perNumber: { hour: 5, day: 10 },
  waitSeconds: [60, 120, 300],
  perAddress: { hour: 300 },
  inAll: { minute: 100, hour: 2_000, day: 10_000 },
  keptOneIn: 5,
  wrongPerHour: 20,
};
