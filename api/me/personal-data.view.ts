import { IsObject } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import type { PersonalExport } from '../../entities/customers/export-account';
import { Example } from '../../entities/describe/example';

/** Everything that the shop knows of a person. */
export class PersonalDataView {
  /** Rows by table, each with the columns that say something of the person. */
  @Example({ profiles: [{ name: 'سارا محمدی', email: null, language: 'fa' }] })
  @IsObject()
  @JSONSchema({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'object', additionalProperties: true } },
  })
  tables!: PersonalExport;
}
