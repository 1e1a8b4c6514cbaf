import { assertThat } from '../errors';
import { integer, json, text } from '../row-shape';
import { assertVariablesFit, fillTemplate } from '../sms/fit-variables';
import type { SmsKind } from '../sms/sms-status';
import type { VariableRule } from '../sms/sms-template';
import { row, rowsPlannedAnew, statement, type Transaction } from '../sql';
import { FITS_FILTER, WILLING_ACCOUNTS } from './campaign-filter';
import type { LockedCampaign } from './lock-campaign';
import { segmentsOf } from './segments';

/** More recipients than a campaign may have. */
export const MOST_RECIPIENTS = 200_000;

/** What the shop knows of prices. */
export interface CampaignPrices {
  /** What one part of a message costs, in rials, whatever the provider counts in. */
  readonly segmentPrice: number;
  /** Beyond how many recipients a second person must agree. */
  readonly approvalAbove: number;
  readonly host: string;
  /** A link as long as that of every recipient. */
  readonly link: string;
}

/** What a campaign would be if it began now. */
export interface CampaignEstimate {
  /** At most {@link MOST_RECIPIENTS} and one. */
  readonly recipients: number;
  /** The message as a recipient would read it, with a link that leads nowhere. */
  readonly text: string;
  /** The text of the template that it was made of. */
  readonly template: string;
  readonly segments: number;
  /** Recipients × segments × price, in rials. */
  readonly cost: number;
}

type Content = Pick<LockedCampaign, 'id' | 'template' | 'language' | 'variables' | 'audience' | 'filter'>;

const TEMPLATE = statement<{ kind: SmsKind; text: string; variables: VariableRule[] }>(
  'SELECT kind, text, variables FROM sms_templates WHERE key = $1 AND language = $2',
  { kind: text, text, variables: json<VariableRule[]>() },
);

const LINK = '{link}';

/**
 * The text of a campaign's template. It must be a notice with a place for the link.
 *
 * @throws AppError `sms.template_unknown`, `campaigns.code_template`, `campaigns.no_link`, `sms.variables_invalid`
 */
export async function requireCampaignText(
  transaction: Transaction,
  content: Pick<Content, 'template' | 'language' | 'variables'>,
): Promise<string> {
  const found = await row(transaction, TEMPLATE, [content.template, content.language]);
  assertThat(found, 'sms.template_unknown');
  assertThat(found.kind === 'notice', 'campaigns.code_template');
  assertThat(found.text.includes(LINK), 'campaigns.no_link');
  assertVariablesFit(found.variables, content.variables);
  return found.text;
}

/** The message to one recipient. */
export function fillCampaign(
  template: string,
  variables: Readonly<Record<string, string>>,
  { host, link }: Pick<CampaignPrices, 'host' | 'link'>,
): string {
  return fillTemplate(template, { ...variables, host, link });
}

const COUNT_FILTERED = statement<{ recipients: number }>(
  `SELECT count(*) AS recipients FROM (
     SELECT FROM ${WILLING_ACCOUNTS} AND ${FITS_FILTER} LIMIT ${MOST_RECIPIENTS + 1}) AS found`,
  { recipients: integer },
);

const COUNT_UPLOADED = statement<{ recipients: number }>(
  `SELECT count(*) AS recipients FROM campaign_recipients r JOIN (SELECT a.id FROM ${WILLING_ACCOUNTS}) AS a
     ON a.id = r.account_id WHERE r.campaign_id = $1`,
  { recipients: integer },
);

/** Says whom a campaign would reach now and what it would cost. Nothing is stored. */
export async function estimateCampaign(
  transaction: Transaction,
  content: Content,
  prices: CampaignPrices,
): Promise<CampaignEstimate> {
  const template = await requireCampaignText(transaction, content);
  const message = fillCampaign(template, content.variables, prices);
  const segments = segmentsOf(message);
  const [found] =
    content.audience === 'csv'
      ? await rowsPlannedAnew(transaction, COUNT_UPLOADED, [content.id])
      : await rowsPlannedAnew(transaction, COUNT_FILTERED, [JSON.stringify(content.filter)]);
  const { recipients } = found!;
  return { recipients, text: message, template, segments, cost: recipients * segments * prices.segmentPrice };
}
