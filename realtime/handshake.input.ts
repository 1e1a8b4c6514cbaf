import { IsISO8601, IsString, MaxLength } from 'class-validator';

import { Example } from '../entities/describe/example';
import { MayBeAbsent } from '../entities/input/may-be-absent';

const LONGEST_TOKEN = 4_096;

/** What a client shows when it joins a namespace: an access token, a ticket, or nothing as a guest. */
export class HandshakeInput {
  @MayBeAbsent()
  @Example('the-access-token-of-a-session')
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  token?: string;

  @MayBeAbsent()
  @Example('the-ticket-of-one-connection')
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  ticket?: string;
}

/** A newer token or ticket of the same session. */
export class RenewInput extends HandshakeInput {}

/** Until when the connection is good now. */
export class RenewedView {
  @IsISO8601()
  expiresAt!: string;
}
