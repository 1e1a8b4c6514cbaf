import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { WorkerConfig } from '../../platform/config/worker';
import { workerOptions } from '../../temporal/worker-options';

/** A worker of the bare workflow, with the options of the shop's worker. It tells its parent when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { address: { type: 'string' }, namespace: { type: 'string' } } });
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: values.address! });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(__dirname, 'bare') });
  const worker = await Worker.create({
    ...workerOptions('checkout', new WorkerConfig(), connection, values.namespace!),
    activities: { nothing: async () => {} },
    workflowBundle,
  });
  process.on('disconnect', () => process.exit(0));
  const running = worker.run();
  process.send?.('ready');
  await running;
}

void main();
