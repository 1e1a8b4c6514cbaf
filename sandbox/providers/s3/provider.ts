import { FAULT_STATUS, replacing } from '../../kit/fault-kinds';
import { flag, text } from '../../kit/fields';
import type { Provider } from '../../kit/provider';
import { createSwitches } from '../../kit/switches';
import type { S3Account } from './account';
import { s3Endpoints } from './endpoints';
import { errorAnswer, S3Error } from './errors';
import { createObjects } from './objects';

const SWITCHES = { ignoresPolicy: flag() };
const MOST_SHOWN = 1_000;

/** A local store that speaks the S3 API for the objects of one bucket, with the paths of path style. */
export function s3Provider(account: S3Account, { objectLimit = 20_000 } = {}): Provider {
  return {
    name: 's3',
    title: { fa: 'سندباکس S3', en: 'S3 sandbox' },
    ribbon: {
      fa: 'سندباکس S3: فایل‌ها فقط روی همین دستگاه می‌مانند',
      en: 'S3 sandbox: objects stay on this machine',
    },
    targets: ['bucket', 'key'],
    literalPaths: true,
    bodyLimitBytes: 32 * 1024 * 1024,
    open(kit) {
      const objects = createObjects(kit, objectLimit);
      const switches = createSwitches(kit.store, SWITCHES);
      const ignoresPolicy = () => switches.get().ignoresPolicy;
      return {
        endpoints: s3Endpoints({ account, objects, now: kit.clock.now, ignoresPolicy }),
        switches,
        faults: {
          error: replacing({ status: FAULT_STATUS, code: text('InternalError') }, ({ status, code }) =>
            errorAnswer({ status: status ?? 500, code, message: 'The sandbox was told to answer so.' }),
          ),
        },
        controls: {
          'GET /objects': () => {
            const all = objects.all();
            return { total: all.length, objects: all.slice(-MOST_SHOWN).toReversed() };
          },
        },
        refusal: (error) => (error instanceof S3Error ? errorAnswer(error) : undefined),
        nothing: (_call, status) =>
          status === 405
            ? errorAnswer({ status, code: 'MethodNotAllowed', message: 'The sandbox has no such call.' })
            : errorAnswer({ status, code: 'NoSuchBucket', message: 'The specified bucket does not exist' }),
        overview: () => ({
          endpoint: kit.url(),
          bucket: account.bucket,
          region: account.region,
          objects: objects.all().length,
        }),
        onReset: () => objects.reset(),
      };
    },
  };
}
