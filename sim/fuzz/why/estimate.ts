/** How often a failure came about when the future from one moment on was drawn anew. */
export interface Estimate {
  /** The moment's place among those that the run has. */
  readonly moment: number;
  readonly failed: number;
  readonly futures: number;
}

export const probability = ({ failed, futures }: Estimate): number => failed / futures;

/** Two-sided 95 %. */
const Z = 1.96;

/** Where the probability itself may lie: Wilson's score interval, which is sound for few futures and near 0 and 1. */
export function interval(estimate: Estimate): readonly [low: number, high: number] {
  const { futures } = estimate;
  const p = probability(estimate);
  const scale = 1 + Z ** 2 / futures;
  const middle = (p + Z ** 2 / (2 * futures)) / scale;
  const reach = (Z / scale) * Math.sqrt((p * (1 - p)) / futures + Z ** 2 / (4 * futures ** 2));
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}
