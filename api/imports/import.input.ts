import { Id } from '../from-text';
/** Which import. */
export class ImportParams {
  @Id()
  id!: string;
}
