import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { LANGUAGES, type Language } from '../customers/profile';
import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import { Ids } from '../input/from-text';
import { MayBeAbsent, MayBeNull } from '../input/may-be-absent';
import {
  NOTIFICATION_CATEGORIES,
  NOTIFICATION_CHANNELS,
  type NotificationCategory,
  type NotificationChannel,
} from './notification-categories';
import { DIGESTS, type Digest } from './notification-settings';

const LAST_MINUTE = 1_439;

/** Which notifications: these, or all that had come with a version of the box. */
export class MarkInput {
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Ids()
  ids?: string[];

  /** The `version` of a badge or of an event: what came later stays as it is. It counts only without `ids`. */
  @Example(7)
  @ValidateIf(({ ids, upTo }: MarkInput) => ids === undefined || upTo !== undefined)
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  upTo?: number;
}

/** A channel of a category. */
export class ChoiceInput {
  @IsIn(NOTIFICATION_CATEGORIES)
  category!: NotificationCategory;

  @IsIn(NOTIFICATION_CHANNELS)
  channel!: NotificationChannel;

  @IsBoolean()
  isOn!: boolean;
}

/** Channels to switch on or off. Those that are not named stay. */
export class ChoicesInput {
  @Example([{ category: 'order', channel: 'sms', isOn: false }])
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ChoiceInput)
  choices!: ChoiceInput[];
}

/** When and in which language somebody wants messages. */
export class SettingsInput {
  /** A zone of the IANA. Its canonical name is stored and answered. */
  @Example('Asia/Tehran')
  @IsString()
  @MaxLength(64)
  zone!: string;

  /** Null: the language of the profile. */
  @Nullable()
  @MayBeNull()
  @IsIn(LANGUAGES)
  locale!: Language | null;

  /** Minutes after midnight from which no message comes that can wait. */
  @Example(1_320)
  @IsInt()
  @Min(0)
  @Max(LAST_MINUTE)
  quietFrom!: number;

  /** Until then. A range over midnight is one; equal ends are none. */
  @Example(480)
  @IsInt()
  @Min(0)
  @Max(LAST_MINUTE)
  quietTo!: number;

  /** `daily`: what can wait comes as one message a day. */
  @IsIn(DIGESTS)
  digest!: Digest;

  @Example(9)
  @IsInt()
  @Min(0)
  @Max(23)
  digestHour!: number;
}
