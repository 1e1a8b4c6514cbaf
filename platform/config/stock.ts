import { IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** What staff may do with stock by themselves. */
export class StockConfig {
  @Setting(
    'Up to how many units, whatever their sign, whoever has counted may approve the differences of the own count.',
  )
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  countOwnApprovalUnits = 20;

  @Setting('Up to which value in rials whoever has counted may approve the differences of the own count.')
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000_000)
  countOwnApprovalValue = 100_000_000;

  @Setting(
    'How many milliseconds after its deadline an unpaid order that still holds stock is a finding of the audit.',
  )
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  holdAuditMarginMs = 300_000;
}
