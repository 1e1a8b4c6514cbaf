import { KavenegarConfig } from '../../platform/config/kavenegar';
import { SmsIrConfig } from '../../platform/config/sms-ir';
import { TwilioConfig } from '../../platform/config/twilio';
import { kavenegarProvider } from '../../sandbox/providers/kavenegar/provider';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import type { InboxMessage } from '../../sandbox/providers/sms/inbox-message';
import { twilioProvider } from '../../sandbox/providers/twilio/provider';
import { startSmsSandbox, type SmsSandbox } from './sms-sandbox';

/** The sandboxes of all SMS providers, with the accounts of a shop in development. */
export interface SmsSandboxes {
  readonly smsIr: SmsSandbox;
  readonly kavenegar: SmsSandbox;
  readonly twilio: SmsSandbox;
  /** What a phone shows, whoever sent it. */
  inbox(to: string): InboxMessage[];
  /** Removes faults and rules, and resets clocks and credit. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

const { smsIrApiKey, smsIrLine } = new SmsIrConfig();
const { kavenegarApiKey, kavenegarSender } = new KavenegarConfig();
const { twilioAccountSid, twilioAuthToken, twilioFrom } = new TwilioConfig();
const CREDIT_TENTHS = 1_000_000;
/** A campaign of 10,000, and codes beside it. What is above it, the sandbox forgets. */
const MESSAGES_KEPT = 20_000;

/** Starts all of them on free ports. */
export async function startSmsSandboxes(): Promise<SmsSandboxes> {
  const smsIr = await startSmsSandbox(
    smsIrProvider({ apiKey: smsIrApiKey, line: smsIrLine, messageLimit: MESSAGES_KEPT }),
  );
  const kavenegar = await startSmsSandbox(
    kavenegarProvider({ apiKey: kavenegarApiKey, sender: kavenegarSender }),
  );
  const twilio = await startSmsSandbox(
    twilioProvider({ accountSid: twilioAccountSid, authToken: twilioAuthToken, from: twilioFrom }),
  );
  const all = [smsIr, kavenegar, twilio];
  return {
    smsIr,
    kavenegar,
    twilio,
    inbox: (to) => all.flatMap((sandbox) => sandbox.inbox(to)),
    async recover() {
      for (const sandbox of all) await sandbox.recover();
      await twilio.control('DELETE', 'callbacks');
      await setSmsIrCredit(smsIr, CREDIT_TENTHS);
    },
    async stop() {
      for (const sandbox of all) await sandbox.stop();
    },
  };
}

/** Changes what is left of the shop's credit at SMS.ir. */
export async function setSmsIrCredit(smsIr: SmsSandbox, creditTenths: number): Promise<void> {
  await smsIr.control('PUT', `accounts/${smsIrApiKey}`, { creditTenths });
}
