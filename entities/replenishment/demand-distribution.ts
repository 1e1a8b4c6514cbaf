/** How likely each demand of a period is, from its mean and variance. */
export interface DemandDistribution {
  /** The smallest number of units that demand does not exceed with probability `p`, 0 < p < 1. */
  quantile(p: number): number;
  /** The smallest stock of which demand is expected to miss no more than so many units. */
  stockForShortage(units: number): number;
}

/** From this mean on, counting unit by unit costs more than the normal distribution errs. */
const FAST = 400;

/**
 * Negative binomial, or Poisson when the variance is not above the mean; for fast sellers the normal
 * distribution. https://en.wikipedia.org/wiki/Negative_binomial_distribution
 */
export function demandDistribution(mean: number, variance: number): DemandDistribution {
  if (mean <= 0) return { quantile: () => 0, stockForShortage: () => 0 };
  return mean < FAST ? counted(mean, variance) : normal(mean, Math.sqrt(Math.max(variance, mean)));
}

function counted(mean: number, variance: number): DemandDistribution {
  const excess = variance - mean;
  // r of the negative binomial; at 1e9 it is Poisson, whose terms the same recursion gives.
  const r = excess > 1e-9 * mean ? Math.min((mean * mean) / excess, 1e9) : 1e9;
  const odds = mean / (r + mean);
  const none = Math.exp(-r * Math.log1p(mean / r));
  /** Walks up from zero units until `enough`, or until what is left has no weight. */
  const climb = (enough: (below: number, short: number) => boolean): number => {
    let units = 0;
    let term = none;
    let below = none;
    let short = mean;
    const most = mean + 40 * Math.sqrt(Math.max(variance, mean)) + 40;
    while (!enough(below, short) && units < most) {
      short -= 1 - below;
      term *= (odds * (r + units)) / (units + 1);
      units += 1;
      below = Math.min(1, below + term);
    }
    return units;
  };
  return {
    quantile: (p) => climb((below) => below >= p),
    stockForShortage: (units) => climb((_, short) => short <= units),
  };
}

function normal(mean: number, deviation: number): DemandDistribution {
  /** The smallest whole number of units between mean ± 40 deviations that is enough. */
  const search = (enough: (z: number) => boolean): number => {
    let low = Math.max(0, Math.floor(mean - 40 * deviation));
    let high = Math.ceil(mean + 40 * deviation);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (enough((middle - mean) / deviation)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    quantile: (p) => search((z) => below(z) >= p),
    stockForShortage: (units) => search((z) => deviation * (density(z) - z * (1 - below(z))) <= units),
  };
}

const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** The normal distribution function, to 1e-7: formula 26.2.17 of Abramowitz and Stegun. */
function below(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    density(z) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}
