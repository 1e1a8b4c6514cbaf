import type { OwnFault } from '../../kit/faults';

/** What happens to messages to a magic recipient, at every SMS sandbox alike. */
export type RecipientFate =
  /** Out of reach. */
  | 'undelivered'
  /** The operator refuses the message. */
  | 'failed'
  /** The recipient blocks messages like this one. */
  | 'blacklisted'
  /** Delivered, but reported ten minutes later. */
  | 'reported_late'
  /** The call never gets an answer, and nothing is sent. */
  | 'hangs'
  /** The message is sent, and the connection is cut in the middle of the answer. */
  | 'cut_after_effect'
  /** A firewall answers with a page, 502. */
  | 'html_502'
  /** HTTP 200 around an error of the provider. */
  | 'error_in_200'
  /** Delivered; where the provider reports by callback, twice, out of order, and once with a forged signature. */
  | 'odd_callbacks';

const FATES: Readonly<Record<string, RecipientFate>> = {
  '+989120000001': 'undelivered',
  '+989120000002': 'failed',
  '+989120000003': 'blacklisted',
  '+989120000004': 'reported_late',
  '+989120000005': 'hangs',
  '+989120000006': 'cut_after_effect',
  '+989120000007': 'html_502',
  '+989120000008': 'error_in_200',
  '+989120000009': 'odd_callbacks',
};

/** The faults that a fate is, where it does not depend on the provider. */
const FAULTS: Partial<Record<RecipientFate, OwnFault>> = {
  hangs: { kind: 'timeout' },
  cut_after_effect: { kind: 'reset', when: 'after' },
  html_502: { kind: 'html', status: 502 },
};

/**
 * What goes wrong with a call to these numbers (E.164): the first fault among their fates.
 *
 * @param errorIn200 the provider's own error in HTTP 200
 */
export function magicFault(recipients: readonly string[], errorIn200: OwnFault): OwnFault | undefined {
  const fates = recipients.map(fateOf).filter((fate) => fate !== undefined);
  const faults = fates.map((fate) => (fate === 'error_in_200' ? errorIn200 : FAULTS[fate]));
  return faults.find((fault) => fault !== undefined);
}

/** The fate of messages to this number (E.164); undefined for all others, which are delivered after some seconds. */
export function fateOf(recipient: string): RecipientFate | undefined {
  return FATES[recipient];
}
