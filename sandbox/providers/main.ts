import { loadConfig } from '../../platform/config/load-config';
import { RuntimeConfig } from '../../platform/config/runtime';
import { SandboxConfig } from '../../platform/config/sandbox';
import { createLifecycle } from '../../platform/lifecycle';
import { createLogger } from '../../platform/logger';
import { startZarinpalSandbox } from './zarinpal/server';

/** The process of the providers' sandboxes: the outside world in a box. A parent is told when it may be used. */
async function main(): Promise<void> {
  const { runtime, sandbox } = loadConfig({ runtime: RuntimeConfig, sandbox: SandboxConfig });
  const logger = createLogger(runtime, { service: 'sandbox' });
  const lifecycle = createLifecycle(logger, runtime);
  lifecycle.listen();

  const zarinpal = await startZarinpalSandbox({
    port: sandbox.sandboxZarinpalPort,
    host: sandbox.sandboxHost,
    stateFile: sandbox.sandboxZarinpalStateFile,
    logger,
  });
  lifecycle.onStop('zarinpal', () => zarinpal.stop());
  process.send?.('ready');
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
