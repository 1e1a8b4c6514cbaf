import { join } from 'node:path';

import { loadConfig } from '../../platform/config/load-config';
import { RuntimeConfig } from '../../platform/config/runtime';
import { SandboxConfig } from '../../platform/config/sandbox';
import { createLifecycle } from '../../platform/lifecycle';
import { createLogger } from '../../platform/logger';
import { startProvider } from '../kit/start-provider';
import { zarinpalProvider } from './zarinpal/provider';

/** The process of the providers' sandboxes. When they can be used it sends its parent their addresses. */
async function main(): Promise<void> {
  const { runtime, sandbox } = loadConfig({ runtime: RuntimeConfig, sandbox: SandboxConfig });
  const logger = createLogger(runtime, { service: 'sandbox' });
  const lifecycle = createLifecycle(logger, runtime);
  lifecycle.listen();

  const providers = [{ provider: zarinpalProvider(), port: sandbox.sandboxZarinpalPort }];
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
