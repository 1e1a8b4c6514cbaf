import { isAbsolute } from 'node:path';

import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';

import { realProviderOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';

/** A rotation needs two. */
const MOST_SECRETS = 5;

/** Where pictures and attachments are kept. */
export class StorageConfig {
  @Setting(
    'Where objects are kept: local, a folder of this machine, or s3, a bucket of an S3-compatible service.',
  )
  @IsIn(['local', 's3'])
  storage: 'local' | 's3' = 'local';
}

/** Objects in a folder that every process of the shop shares. */
export class LocalStorageConfig {
  static readonly isUsed = keptIn('local');

  @Setting('The folder of the objects; all processes of the shop need the same one, and it needs a backup.', {
    unsafeInProduction: absoluteOnly,
  })
  @IsString()
  @MinLength(1)
  storageFolder = '.asoud/objects';

  @Setting(
    'Secrets of the signed addresses of objects, at least 32 characters each, separated by commas: the first signs, all verify.',
    { secret: true },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  storageSecrets: readonly string[] = ['development-only-storage-secret-of-the-shop'];
}

/** Objects in a bucket of Amazon S3, MinIO, ArvanCloud or another service that speaks the S3 API. */
export class S3Config {
  static readonly isUsed = keptIn('s3');

  @Setting(
    'The address of the S3 API without the bucket, in development the sandbox; browsers upload to it, too.',
    {
      unsafeInProduction: realProviderOnly,
    },
  )
  @IsUrl(WEB_ADDRESS)
  s3Endpoint = 'http://127.0.0.1:4030';

  @Setting('The region of the bucket; services without regions take us-east-1.')
  @Matches(/^[a-z0-9-]{1,40}$/, { message: '$property must be lower-case letters, digits and hyphens' })
  s3Region = 'us-east-1';

  @Setting('The bucket, which must exist and must not be public.')
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: '$property must be the name of a bucket' })
  s3Bucket = 'asoud';

  @Setting('The access key of the account.', { secret: true })
  @Matches(/^[\w-]{3,128}$/, {
    message: '$property must be 3 to 128 letters, digits, hyphens or underscores',
  })
  s3AccessKey = 'development-only-access-key';

  @Setting('The secret key of the account.', { secret: true })
  @Matches(/^[!-~]{8,200}$/, { message: '$property must have 8 to 200 characters without spaces' })
  s3SecretKey = 'development-only-secret-key-of-the-storage';

  @Setting("Whether the bucket is the first part of the path; false puts it before the host's name.")
  @IsBoolean()
  s3PathStyle = true;

  @Setting('How many milliseconds a call of the S3 API may take.')
  @IsInt()
  @Min(100)
  @Max(120_000)
  s3TimeoutMs = 10_000;
}

/** A relative folder depends on where a process starts, and a deployment often replaces it. */
function absoluteOnly(value: unknown): string | undefined {
  return typeof value === 'string' && isAbsolute(value)
    ? undefined
    : 'must be an absolute path in production';
}

/** For `isUsed` of a store's section. */
function keptIn(storage: StorageConfig['storage']): (loaded: readonly object[]) => boolean {
  return (loaded) => {
    const section = loaded.find((it) => it instanceof StorageConfig);
    return section === undefined || section.storage === storage;
  };
}
