import { IsInt, IsString, Max, Min, ValidateBy } from 'class-validator';

import { readPublicKeys } from '../signing-keys';
import { Setting } from './setting';

/** The process that holds the sockets. */
export class RealtimeConfig {
  @Setting('The address that the sockets listen on; their metrics have REALTIME_METRICS_HOST.')
  @IsString()
  realtimeHost = '127.0.0.1';

  @Setting('The port of the sockets; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  realtimePort = 3002;

  @Setting('The address that the metrics of the sockets listen on, which must not be public.')
  @IsString()
  realtimeMetricsHost = '127.0.0.1';

  @Setting('The port of the metrics of the sockets, which must not be public; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  realtimeMetricsPort = 9467;

  @Setting(
    'The JWK Set of public keys that access tokens are checked with, as /.well-known/jwks.json of the API shows it.',
    // Whoever sets the private keys by mistake must not find them in the log.
    { kind: 'text', secret: true },
  )
  @IsString()
  @ValidateBy({
    name: 'isPublicKeys',
    validator: { validate: (value) => problemOf(value) === undefined, defaultMessage: reasonAgainst },
  })
  publicKeys!: string;

  @Setting('How many connections one account may have open on one node.')
  @IsInt()
  @Min(1)
  @Max(10_000)
  connectionsPerAccount = 10;

  @Setting(
    'How many connections one address may have open on one node; mobile operators put many people behind one.',
  )
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsPerAddress = 200;

  @Setting('How many rooms one socket may be in.')
  @IsInt()
  @Min(1)
  @Max(10_000)
  roomsPerSocket = 200;

  @Setting('How many frames a second one socket may send.')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  framesPerSecond = 20;

  @Setting('How many frames one socket may send at once after a pause.')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  framesAtOnce = 40;

  @Setting(
    'How many verbs of one account, or of the guests of one address, a node runs at once; more wait for their turn.',
  )
  @IsInt()
  @Min(1)
  @Max(1_000)
  verbsAtOnce = 5;

  @Setting(
    'How many connections a node opens to Postgres for the audiences of events and for sessions, beside those of DATABASE_POOL_SIZE for verbs.',
  )
  @IsInt()
  @Min(1)
  @Max(100)
  fanOutConnections = 4;

  @Setting('The largest frame in bytes; a larger one ends its connection.')
  @IsInt()
  @Min(1_024)
  @Max(1_000_000)
  frameLimitBytes = 65_536;

  @Setting('How many milliseconds pass between two pings of a connection.')
  @IsInt()
  @Min(100)
  @Max(300_000)
  pingIntervalMs = 25_000;

  @Setting('How many milliseconds a client may take to answer a ping.')
  @IsInt()
  @Min(100)
  @Max(300_000)
  pingTimeoutMs = 20_000;

  @Setting(
    'How many seconds somebody counts as present after the last sign of their node, which gives one each third of it.',
  )
  @IsInt()
  @Min(1)
  @Max(3_600)
  presenceSeconds = 45;

  @Setting(
    'How many connections a node that stops closes every 100 ms, so that the clients do not all come back at once.',
  )
  @IsInt()
  @Min(1)
  @Max(100_000)
  drainedPerStep = 100;
}

function problemOf(value: unknown): string | undefined {
  try {
    readPublicKeys(String(value));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function reasonAgainst(given?: { readonly value: unknown }): string {
  return `$property cannot be used: ${problemOf(given?.value) ?? ''}`;
}
