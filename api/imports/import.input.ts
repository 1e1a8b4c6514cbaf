import { IsUUID } from 'class-validator';

/** Which import. */
export class ImportParams {
  @IsUUID()
  id!: string;
}
