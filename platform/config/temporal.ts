import { IsBoolean, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** Where Temporal is. The variables are those that Temporal's own tools read. */
export class TemporalConfig {
  @Setting('Host and port of the Temporal service.', {
    example: '127.0.0.1:7233',
  })
  @Matches(/^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/, { message: '$property must be host:port' })
  temporalAddress!: string;

  @Setting('The namespace of the shop in Temporal.')
  @Matches(/^[\w.-]{2,200}$/)
  temporalNamespace = 'asoud';

  @Setting('The API key for a Temporal service that requires one, such as Temporal Cloud.', {
    secret: true,
    kind: 'text',
  })
  @IsOptional()
  @IsString()
  temporalApiKey?: string;

  @Setting('Whether to speak TLS to Temporal, true or false.')
  @IsBoolean()
  temporalTls = false;

  @Setting('The file of the client certificate for mutual TLS with Temporal.', { kind: 'text' })
  @IsOptional()
  @IsString()
  temporalTlsClientCertPath?: string;

  @Setting('The file of the key that belongs to the client certificate.', { kind: 'text' })
  @IsOptional()
  @IsString()
  temporalTlsClientKeyPath?: string;

  @Setting("The file of the certificate authority that signed Temporal's own certificate.", { kind: 'text' })
  @IsOptional()
  @IsString()
  temporalTlsServerCaCertPath?: string;

  @Setting("The name expected in Temporal's certificate where it is not the host's.", { kind: 'text' })
  @IsOptional()
  @IsString()
  temporalTlsServerName?: string;

  @Setting(
    'How many milliseconds a request waits for Temporal before the answer is 503; the same key may be sent again.',
  )
  @IsInt()
  @Min(100)
  @Max(60_000)
  temporalDeadlineMs = 8_000;
}
