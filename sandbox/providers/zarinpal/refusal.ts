import { messageOf } from './codes';

/** One field that validation rejected, in Zarinpal's words. */
export interface FieldFault {
  readonly field: string;
  readonly text: string;
}

/** A refusal, thrown by an endpoint. `envelopes` writes it in the shape that the switches ask for. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: number,
    /** For -9: every rejected field, the first one giving the message. */
    readonly fields: readonly FieldFault[] = [],
  ) {
    super(messageOf(code));
  }
}
