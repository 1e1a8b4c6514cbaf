import { TwilioError } from './errors';

/** What a message says. */
export interface Content {
  readonly text: string;
  readonly media: readonly string[];
  readonly contentSid: string | null;
}

const LONGEST_BODY = 1_600;
const MOST_MEDIA = 10;

/**
 * Reads `Body`, `MediaUrl`, `ContentSid` and `ContentVariables`.
 *
 * @param templateOf the text of a content template
 */
export function readContent(
  form: URLSearchParams,
  hasService: boolean,
  templateOf: (contentSid: string) => string | undefined,
): Content {
  const media = form.getAll('MediaUrl').filter((url) => url !== '');
  if (media.length > MOST_MEDIA) throw new TwilioError(21623);
  if (!media.every(isWebAddress)) throw new TwilioError(21620);
  const contentSid = form.get('ContentSid') || null;
  const body = form.get('Body') ?? '';
  const text = contentSid === null ? body : filled(templateOf(contentSid), form.get('ContentVariables'));
  if (text.trim() === '' && media.length === 0) throw new TwilioError(hasService ? 21619 : 21602);
  if (text.length > LONGEST_BODY) throw new TwilioError(21617);
  return { text, media, contentSid };
}

/** Whether Twilio would load the address or send to it: a whole one, its host without underscores. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^https?:$/.test(protocol) && /^[^_]+$/.test(hostname);
}

/** The template with `{{1}}` replaced. A variable that is not given stays as it is. */
function filled(template: string | undefined, variables: string | null): string {
  if (template === undefined) throw new TwilioError(21655);
  const values = readVariables(variables || '{}');
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function readVariables(json: string): ReadonlyMap<string, string> {
  let values: unknown;
  try {
    values = JSON.parse(json);
  } catch {
    throw new TwilioError(21656);
  }
  if (values === null || typeof values !== 'object' || Array.isArray(values)) throw new TwilioError(21656);
  const entries = Object.entries(values);
  if (!entries.every(([, value]) => typeof value === 'string')) throw new TwilioError(21656);
  return new Map(entries as [string, string][]);
}
