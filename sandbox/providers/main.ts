import { join } from 'node:path';

import { KavenegarConfig } from '../../platform/config/kavenegar';
import { loadConfig, secretsOf } from '../../platform/config/load-config';
import { RuntimeConfig } from '../../platform/config/runtime';
import { SandboxConfig } from '../../platform/config/sandbox';
import { SmsIrConfig } from '../../platform/config/sms-ir';
import { S3Config } from '../../platform/config/storage';
import { TwilioConfig } from '../../platform/config/twilio';
import { createLifecycle } from '../../platform/lifecycle';
import { createLogger } from '../../platform/logger';
import { startProvider } from '../kit/start-provider';
import { kavenegarProvider } from './kavenegar/provider';
import { s3Provider } from './s3/provider';
import { smsIrProvider } from './sms-ir/provider';
import { smsInboxProvider } from './sms/inbox-provider';
import { supplierProvider } from './supplier/provider';
import { twilioProvider } from './twilio/provider';
import { zarinpalProvider } from './zarinpal/provider';

/** The process of the providers' sandboxes. When they can be used it sends its parent their addresses. */
async function main(): Promise<void> {
  const { runtime, sandbox, ...accounts } = loadConfig({
    runtime: RuntimeConfig,
    sandbox: SandboxConfig,
    // The sandboxes know the accounts that the shop uses.
    smsIr: SmsIrConfig,
    kavenegar: KavenegarConfig,
    twilio: TwilioConfig,
    s3: S3Config,
  });
  const logger = createLogger(runtime, { service: 'sandbox', secrets: secretsOf(accounts) });
  const lifecycle = createLifecycle(logger, runtime);
  lifecycle.listen();

  const { smsIrApiKey, smsIrLine } = accounts.smsIr;
  const { kavenegarApiKey, kavenegarSender } = accounts.kavenegar;
  const { twilioAccountSid, twilioAuthToken, twilioFrom } = accounts.twilio;
  const smsIr = smsIrProvider({ apiKey: smsIrApiKey, line: smsIrLine });
  const kavenegar = kavenegarProvider({ apiKey: kavenegarApiKey, sender: kavenegarSender });
  const twilio = twilioProvider({
    accountSid: twilioAccountSid,
    authToken: twilioAuthToken,
    from: twilioFrom,
  });
  const { s3AccessKey, s3SecretKey, s3Region, s3Bucket } = accounts.s3;
  const s3 = s3Provider({
    accessKey: s3AccessKey,
    secretKey: s3SecretKey,
    region: s3Region,
    bucket: s3Bucket,
  });
  const providers = [
    { provider: zarinpalProvider(), port: sandbox.sandboxZarinpalPort },
    { provider: smsIr, port: sandbox.sandboxSmsIrPort },
    { provider: kavenegar, port: sandbox.sandboxKavenegarPort },
    { provider: twilio, port: sandbox.sandboxTwilioPort },
    { provider: s3, port: sandbox.sandboxS3Port },
    { provider: supplierProvider(), port: sandbox.sandboxSupplierPort },
    { provider: smsInboxProvider([smsIr, kavenegar, twilio]), port: sandbox.sandboxSmsInboxPort },
  ];
  const { sandboxHost: host, sandboxStateFolder: state } = sandbox;
  const addresses: Record<string, string> = {};
  for (const { provider, port } of providers) {
    const folder = state && join(state, provider.name);
    const running = await startProvider(provider, { port, host, folder, logger });
    lifecycle.onStop(provider.name, () => running.stop());
    addresses[provider.name] = running.url;
  }
  process.send?.(addresses);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
