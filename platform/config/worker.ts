import { IsInt, IsString, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** The process that runs workflows and activities. */
export class WorkerConfig {
  @Setting("The address that the worker's health listens on; its metrics have WORKER_METRICS_HOST.")
  @IsString()
  workerHost = '127.0.0.1';

  @Setting("The port of the worker's health; 0 takes a free one.")
  @IsInt()
  @Min(0)
  @Max(65_535)
  workerHealthPort = 3001;

  @Setting(
    "The address that the metrics of the worker and of Temporal's SDK listen on, which must not be public.",
  )
  @IsString()
  workerMetricsHost = '127.0.0.1';

  @Setting("The port of the worker's metrics, which must not be public; 0 takes a free one.")
  @IsInt()
  @Min(0)
  @Max(65_535)
  workerMetricsPort = 9465;

  @Setting(
    "The port of the metrics of Temporal's SDK in the worker, which must not be public; 0 takes a free one.",
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  workerSdkMetricsPort = 9466;

  @Setting('How many workflow tasks a worker handles at once.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  workerWorkflowSlots = 40;

  @Setting('How many activities a worker runs at once.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  workerActivitySlots = 40;

  @Setting('How many local activities a worker runs at once; keep it near the size of the database pool.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  workerLocalActivitySlots = 20;

  @Setting('How many running workflows a worker keeps in memory.')
  @IsInt()
  @Min(0)
  @Max(100_000)
  workerCachedWorkflows = 500;
}
