/** Signs and reads short tokens that carry one number. */
interface ShortTokens {
  sign(purpose: string, number: number): string;
  read(purpose: string, token: string): number | undefined;
}

const PURPOSE = 'campaign-link';
/** Where the numbers of recipients begin. */
const FIRST_NUMBER = 400_000_000_000_000;

/**
 * The address under which a recipient ends these messages. It names the row of the recipient, and nothing of the person. It has the same
 * length for everybody, so that every message of a campaign costs the same.
 */
export function campaignLink(tokens: ShortTokens, publicUrl: string, number: number): string {
  return new URL(`/u/${tokens.sign(PURPOSE, number - FIRST_NUMBER)}`, publicUrl).href;
}

/** A link as long as every other one, for estimates. */
export function sampleLink(tokens: ShortTokens, publicUrl: string): string {
  return campaignLink(tokens, publicUrl, FIRST_NUMBER);
}

/** The number of the recipient that a token names; undefined for one that is not ours. */
export function readCampaignLink(tokens: ShortTokens, token: string): number | undefined {
  const offset = tokens.read(PURPOSE, token);
  return offset === undefined ? undefined : FIRST_NUMBER + offset;
}
