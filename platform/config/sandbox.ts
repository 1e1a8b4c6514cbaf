import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** Where the sandboxes of the providers listen. Refused in production. */
export class SandboxConfig {
  @Setting('The address that the sandboxes of the providers listen on.', {
    unsafeInProduction: () => 'belongs to a sandbox, where nobody pays real money',
  })
  @IsString()
  sandboxHost = '127.0.0.1';

  @Setting('The port of the Zarinpal sandbox; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxZarinpalPort = 4010;

  @Setting('The port of the SMS.ir sandbox; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxSmsIrPort = 4011;

  @Setting('The port of the Kavenegar sandbox; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxKavenegarPort = 4012;

  @Setting('The port of the Twilio sandbox; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxTwilioPort = 4013;

  @Setting('The port of the inbox that shows the messages of all SMS sandboxes; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxSmsInboxPort = 4020;

  @Setting('The port of the S3 sandbox; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxS3Port = 4030;

  @Setting('The port of the supplier sandbox; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  sandboxSupplierPort = 4040;

  @Setting(
    'The folder in which the sandboxes remember, one folder in it for each; without it a restart forgets.',
    {
      kind: 'text',
    },
  )
  @IsOptional()
  @IsString()
  sandboxStateFolder?: string;
}
