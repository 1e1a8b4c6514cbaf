import { IsArray, IsIn, IsString } from 'class-validator';

import { Example } from '../../entities/describe/example';

/** Whether the process lives. */
export class LiveView {
  @IsIn(['live'])
  status!: 'live';
}

/** Whether the process should get requests, and which neighbours are away. */
export class ReadyView {
  /** `degraded` still answers requests; `not_ready` does not. */
  @IsIn(['ready', 'degraded', 'not_ready'])
  status!: 'ready' | 'degraded' | 'not_ready';

  @Example([])
  @IsArray()
  @IsString({ each: true })
  away!: string[];
}
