import type { DataSource } from 'typeorm';

import { beginSmsAttempt, type SmsRoute } from '../../entities/sms/begin-attempt';
import { readBreakers } from '../../entities/sms/breaker-rows';
import { claimSend, readOutgoing, type OutgoingAttempt } from '../../entities/sms/claim-send';
import { closeMessage } from '../../entities/sms/close-message';
import { fillTemplate } from '../../entities/sms/fit-variables';
import { readMessageState } from '../../entities/sms/message-state';
import { recordDeliveryReport } from '../../entities/sms/record-delivery';
import { markAmbiguous, recordFindOutcome, recordSendOutcome } from '../../entities/sms/record-outcome';
import { judgeReports, type JudgedReport, type UnjudgedReport } from '../../entities/sms/record-report';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import type { SmsDeliverySteps } from '../../workflows/sms/sms-delivery.steps';
import type { SendOutcome, SmsCalls } from '../../workflows/sms/sms-provider.steps';
import type { Steps } from '../step';
import type { SmsProvider } from './sms-provider';
import type { SmsProviders } from './sms-providers';

/** What providers need to know about the shop. */
export interface SmsSettings {
  /** Where browsers use the shop. Codes are bound to its host. */
  readonly publicUrl: string;
  /** Where a provider may report the delivery of an attempt. */
  readonly reportUrl: (messageId: string, attemptId: string) => string;
}

/** Derives the variables of a message that no row holds. Undefined when they cannot be derived any more. */
export type LateVariables = (verificationId: string) => Promise<Readonly<Record<string, string>> | undefined>;

const SEND_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15];
const BREAKER_VALUES = { closed: 0, half_open: 1, open: 2 };

/** The steps of a message's workflow and its calls of providers. Numbers, texts and codes never leave this file but to providers. */
export function createSmsActivities(
  { step }: Steps,
  database: DataSource,
  providers: SmsProviders,
  metrics: Metrics,
  { publicUrl, reportUrl }: SmsSettings,
  lateVariables: LateVariables,
): SmsDeliverySteps & SmsCalls {
  const attempts = metrics.counter('asoud_sms_attempts_total', 'Sends of messages by SMS', [
    'provider',
    'operation',
    'outcome',
  ]);
  const seconds = metrics.histogram(
    'asoud_sms_send_seconds',
    'How long SMS providers took to answer a send',
    ['provider', 'operation'],
    SEND_SECONDS,
  );
  metrics.gauge(
    'asoud_sms_breaker',
    'The circuit breakers of SMS providers: 0 closed, 1 half open, 2 open',
    ['provider', 'operation'],
    async function collect() {
      const breakers = await readBreakers(database.manager).catch(() => []);
      this.reset();
      for (const { status, ...labels } of breakers) {
        const { provider, operation } = labels;
        this.set({ provider, operation }, BREAKER_VALUES[status]);
      }
    },
  );
  const routes = providers.names.map((name) => routeOf(providers.named(name)));
  const schedules = Object.fromEntries(
    providers.names.map((name) => [name, providers.named(name).reportsAfterMs]),
  );
  const host = new URL(publicUrl).hostname;
  const textOf = ({ text, variables }: OutgoingAttempt) => fillTemplate(text, { ...variables, host });

  async function requireOutgoing(attemptId: string): Promise<OutgoingAttempt> {
    const outgoing = await readOutgoing(database.manager, attemptId);
    if (!outgoing) throw new Error('there is no such attempt');
    return outgoing;
  }

  async function withVariables(outgoing: OutgoingAttempt): Promise<OutgoingAttempt | undefined> {
    if (outgoing.verificationId === null) return outgoing;
    const variables = await lateVariables(outgoing.verificationId);
    return variables && { ...outgoing, variables };
  }

  function ask(outgoing: OutgoingAttempt): Promise<SendOutcome> {
    const { messageId, attemptId, recipient, number, operation, bindingName, variables } = outgoing;
    const provider = providers.named(outgoing.provider);
    const sms = { to: recipient, reference: String(number), reportUrl: reportUrl(messageId, attemptId) };
    if (operation === 'text') return provider.sendText({ ...sms, text: textOf(outgoing) });
    if (!provider.sendTemplate || bindingName === null) return Promise.resolve(NO_TEMPLATE);
    const parameters = Object.fromEntries(
      Object.entries(outgoing.bindingParameters ?? {}).map(([ours, theirs]) => [
        theirs,
        variables?.[ours] ?? '',
      ]),
    );
    return provider.sendTemplate({ ...sms, template: bindingName, parameters });
  }

  /** A report that names another message than its address does is not about ours. */
  function judge(report: UnjudgedReport): JudgedReport {
    const reading = providers.reportReaders.get(report.provider)?.readReport(report);
    if (!reading) return { verdict: 'foreign' };
    if (reading.kind === 'forged') return { verdict: 'forged' };
    if (reading.kind === 'ignored') return { verdict: 'genuine' };
    const { providerMessageId, report: said } = reading;
    if (report.providerMessageId !== null && report.providerMessageId !== providerMessageId) {
      return { verdict: 'foreign' };
    }
    return { verdict: 'genuine', report: said, providerMessageId };
  }

  return {
    readMessage: step(async (transaction, { messageId }) => ({
      message: (await readMessageState(transaction, messageId)) ?? null,
      schedules,
    })),
    beginSmsAttempt: step((transaction, input) => beginSmsAttempt(transaction, input, routes)),
    recordSendOutcome: step(recordSendOutcome),
    recordFindOutcome: step(recordFindOutcome),
    markAmbiguous: step(markAmbiguous),
    recordDeliveryReport: step(recordDeliveryReport),
    judgeReports: step((transaction, input) => judgeReports(transaction, input, judge)),
    closeMessage: step(closeMessage),

    async sendSms({ attemptId }) {
      const outgoing = await withTransaction(database, (transaction) => claimSend(transaction, attemptId));
      // It was called before, and its answer got lost. Or the message is over.
      if (!outgoing) return { kind: 'unknown', message: 'an earlier call has left no answer' };
      const complete = await withVariables(outgoing);
      const began = performance.now();
      const outcome = complete ? await ask(complete) : NO_PEPPER;
      const tookMs = Math.round(performance.now() - began);
      const { provider, operation } = outgoing;
      attempts.inc({
        provider,
        operation,
        outcome: outcome.kind === 'refused' ? outcome.class : outcome.kind,
      });
      seconds.observe({ provider, operation }, tookMs / 1_000);
      return { ...outcome, tookMs };
    },
    async findSms({ attemptId }) {
      const outgoing = await requireOutgoing(attemptId);
      const { provider, operation, recipient, number, sentAt, otherMessageIds } = outgoing;
      const complete = (await withVariables(outgoing)) ?? outgoing;
      return providers.named(provider).find({
        operation,
        to: recipient,
        reference: String(number),
        text: textOf(complete),
        sentAt,
        otherMessageIds,
      });
    },
    async readDeliveryReport({ attemptId }) {
      const { provider, providerMessageId, sentAt } = await requireOutgoing(attemptId);
      if (providerMessageId === null) throw new Error('the attempt was not accepted');
      return providers.named(provider).report({ providerMessageId, sentAt });
    },
  };
}

const NO_TEMPLATE: SendOutcome = {
  kind: 'refused',
  class: 'config',
  concerns: 'template',
  code: 'no_template',
  message: 'the provider has no template for this text',
};

const NO_PEPPER: SendOutcome = {
  kind: 'refused',
  class: 'bug',
  code: 'no_pepper',
  message: 'the secret that the code was derived with is not configured any more',
};

/**
 * Codes go as the provider wants them. Notices go by an operation whose reference it keeps, so that a lost answer can be looked
 * for, and otherwise by template, because people who block advertising get those.
 */
function routeOf({ name, codesBy, referencesBy, sendTemplate }: SmsProvider): SmsRoute {
  const [referenced] = referencesBy;
  return {
    provider: name,
    operations: { code: codesBy, notice: referenced ?? (sendTemplate ? 'template' : 'text') },
  };
}
