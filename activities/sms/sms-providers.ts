import type { KavenegarConfig } from '../../platform/config/kavenegar';
import type { SmsConfig, SmsProviderName } from '../../platform/config/sms';
import type { SmsIrConfig } from '../../platform/config/sms-ir';
import type { TwilioConfig } from '../../platform/config/twilio';
import { createHttpClient, type HttpClient } from '../../platform/http-client';
import type { BulkSms } from './bulk-sms';
import { createKavenegarBulk } from './kavenegar/bulk';
import { createKavenegarProvider } from './kavenegar/provider';
import { oneByOne } from './one-by-one';
import { createSmsIrBulk } from './sms-ir/bulk';
import { createSmsIrProvider } from './sms-ir/provider';
import type { SmsProvider } from './sms-provider';
import type { SmsReportReader } from './sms-report-reader';
import { createTwilioProvider } from './twilio/provider';
import { createTwilioReportReader } from './twilio/report-reader';

/** The config sections of SMS; a new provider adds its own. */
export interface SmsProvidersConfig {
  readonly sms: SmsConfig;
  readonly smsIr: SmsIrConfig;
  readonly kavenegar: KavenegarConfig;
  readonly twilio: TwilioConfig;
}

/** The SMS providers that this shop is configured for. */
export interface SmsProviders {
  /** In the order in which they are tried. */
  readonly names: readonly string[];
  /** Throws for a name that is not among {@link names}. */
  named(name: string): SmsProvider;
  /** The same for the messages of campaigns, many at once and by a line of their own. Throws like {@link named}. */
  bulk(name: string): BulkSms;
  /** Below how much credit an operator is alerted, in the provider's unit. Throws like {@link named}. */
  creditAlert(name: string): number;
  /** What reads the callbacks of those that sign them, by name. */
  readonly reportReaders: ReadonlyMap<string, SmsReportReader>;
}

interface Built {
  readonly provider: SmsProvider;
  /** By the line for campaigns. */
  readonly bulk: BulkSms;
  readonly creditAlert: number;
  readonly reportReader?: SmsReportReader;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** A page of a hundred long messages with room to spare; what is longer is no answer. */
const LARGEST_ANSWER_BYTES = 2_000_000;

/** How each provider is built. One entry here registers a new one; see platform/config/sms.ts for its name. */
const BUILDERS: Readonly<Record<SmsProviderName, (config: SmsProvidersConfig) => Built>> = {
  'sms-ir': ({ sms, smsIr }) => {
    const account = { apiKey: smsIr.smsIrApiKey, baseUrl: smsIr.smsIrBaseUrl };
    const { smsIrLine, smsIrCampaignLine = smsIrLine, smsIrTimeoutMs } = smsIr;
    return {
      creditAlert: sms.smsIrCreditAlert,
      provider: createSmsIrProvider({ ...account, line: smsIrLine }, client(smsIrTimeoutMs)),
      bulk: createSmsIrBulk({ ...account, line: smsIrCampaignLine }, client(smsIrTimeoutMs)),
    };
  },
  kavenegar: ({ sms, kavenegar }) => {
    const account = { apiKey: kavenegar.kavenegarApiKey, baseUrl: kavenegar.kavenegarBaseUrl };
    const { kavenegarSender, kavenegarCampaignSender = kavenegarSender, kavenegarTimeoutMs } = kavenegar;
    const provider = createKavenegarProvider(
      { ...account, sender: kavenegarSender },
      client(kavenegarTimeoutMs),
    );
    return {
      creditAlert: sms.kavenegarCreditAlert,
      provider,
      bulk:
        // `sms/sendarray` needs a line.
        kavenegarCampaignSender === undefined
          ? oneByOne(provider, kavenegarTimeoutMs)
          : createKavenegarBulk({ ...account, sender: kavenegarCampaignSender }, client(kavenegarTimeoutMs)),
    };
  },
  twilio: ({ sms, twilio }) => {
    const { twilioAccountSid: accountSid, twilioAuthToken: authToken, twilioBaseUrl: baseUrl } = twilio;
    const { twilioFrom, twilioCampaignFrom = twilioFrom, twilioTimeoutMs } = twilio;
    const sender = (from: string) =>
      createTwilioProvider({ accountSid, authToken, baseUrl, from }, client(twilioTimeoutMs));
    return {
      creditAlert: sms.twilioCreditAlert,
      provider: sender(twilioFrom),
      bulk: oneByOne(sender(twilioCampaignFrom), twilioTimeoutMs),
      reportReader: createTwilioReportReader(authToken),
    };
  },
};

/** Builds every configured provider, each with an HTTP client and time-outs of its own. */
export function createSmsProviders(config: SmsProvidersConfig): SmsProviders {
  const built = new Map<string, Built>(config.sms.smsProviders.map((name) => [name, BUILDERS[name](config)]));
  function find(name: string): Built {
    const found = built.get(name);
    if (found === undefined) throw new Error(`SMS_PROVIDERS does not have ${JSON.stringify(name)}`);
    return found;
  }
  return {
    names: [...built.keys()],
    named: (name) => find(name).provider,
    bulk: (name) => find(name).bulk,
    creditAlert: (name) => find(name).creditAlert,
    reportReaders: new Map(
      [...built].flatMap(([name, { reportReader }]) =>
        reportReader === undefined ? [] : [[name, reportReader] as const],
      ),
    ),
  };
}

function client(timeoutMs: number): HttpClient {
  return createHttpClient({
    timeoutMs,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    maxBytes: LARGEST_ANSWER_BYTES,
  });
}
