import { Id } from '../../entities/input/from-text';
/** Which import. */
export class ImportParams {
  @Id()
  id!: string;
}
