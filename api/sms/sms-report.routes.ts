import { assertThat } from '../../entities/errors';
import { recordProviderReport } from '../../entities/sms/record-report';
import { readReportToken, reportAddress } from '../../entities/sms/report-token';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import type { ApiContext } from '../middleware/guard';
import { rateLimit } from '../middleware/rate-limit';
import type { WebhookRouter } from '../router-kinds';
import { SmsReportParams } from './sms.input';

/** More than any provider sends. What is longer is not stored whole, so its signature fails. */
const MOST_FIELDS = 60;
const LONGEST_NAME = 100;
const LONGEST_VALUE = 1_000;
/** NUL and halves of characters, which Postgres cannot store. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** Where providers report deliveries. The address names the message, by a signed token. Nothing that is said is believed here. */
export function smsReportRoutes(
  router: WebhookRouter,
  {
    database,
    metrics,
    publicUrl,
    smsConfig,
    smsDelivery,
    smsReportTokens,
  }: Pick<
    Dependencies,
    'database' | 'metrics' | 'publicUrl' | 'smsConfig' | 'smsDelivery' | 'smsReportTokens'
  >,
): void {
  const reports = metrics.counter('asoud_sms_reports_total', 'Delivery reports of SMS providers', [
    'outcome',
  ]);

  router.post(
    '/sms/reports/:token',
    [
      describeRoute({
        operation: 'receiveSmsReport',
        tag: 'sms',
        summary: 'A provider reports a delivery',
        description:
          'For providers only. The report is stored and judged later; repeating it is harmless, and beyond a few for one message it is dropped.',
        answers: { 204: 'The report is stored or was not needed.' },
        errors: ['sms.not_found'],
        params: SmsReportParams,
      }),
      rateLimit('callbacks'),
    ],
    async (ctx) => {
      const { token = '' } = ctx.params;
      const named = readReportToken(smsReportTokens, token);
      const report = named && {
        reportId: newId(),
        ...named,
        // The address as the provider knows it: a proxy may have changed what arrived here.
        url: `${reportAddress(publicUrl, token)}${ctx.search}`.slice(0, LONGEST_VALUE),
        fields: await fieldsOf(ctx),
        signature: ctx.get('X-Twilio-Signature').slice(0, 200) || null,
        atMost: smsConfig.smsReportsPerMessage,
      };
      const stored =
        report &&
        (await withTransaction(database, (transaction) => recordProviderReport(transaction, report)));
      reports.inc({ outcome: stored ? (stored.stored ? 'stored' : 'dropped') : 'unknown' });
      assertThat(stored, 'sms.not_found');
      if (stored.stored) await tell(smsDelivery, stored.messageId, ctx.state.log);
      return { status: 204 };
    },
  );
}

/** A report of which no workflow hears is stored, and the sweep finds it. */
async function tell(smsDelivery: Dependencies['smsDelivery'], messageId: string, log: Logger): Promise<void> {
  const told = await smsDelivery.reportArrived(messageId);
  if (told.kind !== 'unavailable') return;
  log.warn(
    { messageId, err: told.cause },
    'no workflow heard of a report: it is stored, and the sweep finds it',
  );
}

/** The fields of the form in the order in which they came: a signature may cover repeated ones. */
async function fieldsOf(ctx: ApiContext): Promise<[string, string][]> {
  await ctx.state.readBody(ctx);
  const { rawBody } = ctx.request as { rawBody?: string };
  if (rawBody === undefined || !ctx.is('urlencoded')) return [];
  return [...new URLSearchParams(rawBody)]
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => [storable(name, LONGEST_NAME), storable(value, LONGEST_VALUE)]);
}

function storable(text: string, longest: number): string {
  return text.slice(0, longest).replace(UNSTORABLE, '\ufffd');
}
