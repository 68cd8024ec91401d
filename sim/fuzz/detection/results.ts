import type { StrategyName } from '../search/strategies.ts';

/** Runs until the promise was first broken; `atLeast`: it was not, in so many. */
export type Detection = number | { readonly atLeast: number };

/** By base seed, from 1. */
export type Detections = Readonly<Record<number, Detection>>;

/** By defect and strategy. */
export type Results = Readonly<Record<string, Readonly<Partial<Record<StrategyName, Detections>>>>>;

/** Base seeds of a whole measurement. */
export const BASES = 20;

export function withDetection(
  results: Results,
  {
    issue,
    strategy,
    base,
  }: { readonly issue: string; readonly strategy: StrategyName; readonly base: number },
  detection: Detection,
): Results {
  const of = results[issue] ?? {};
  return { ...results, [issue]: { ...of, [strategy]: { ...of[strategy], [base]: detection } } };
}

/** Without the base seeds that were given up before so many runs. */
export const knownUpTo = (cap: number, detections: Detections): Detections =>
  Object.fromEntries(
    Object.entries(detections).filter(([, one]) => typeof one === 'number' || one.atLeast >= cap),
  );

/** In how many of the base seeds it was found. */
export const foundIn = (detections: Detections): number =>
  Object.values(detections).filter((one) => typeof one === 'number').length;

export const sizeOf = (detections: Detections): number => Object.keys(detections).length;

/** Whether no further base seed can bring the median down to what was looked at. */
export const isSettled = (detections: Detections): boolean =>
  sizeOf(detections) >= BASES || sizeOf(detections) - foundIn(detections) > BASES / 2;

/** The median (the mean of the middle two); undefined where it lies beyond what was looked at, or nothing is known. */
export function medianOf(detections: Detections): number | undefined {
  const sorted = Object.values(detections)
    .map((one) => (typeof one === 'number' ? one : Infinity))
    .sort((a, b) => a - b);
  const [low = Infinity, high = Infinity] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  const median = (low + high) / 2;
  return median === Infinity ? undefined : median;
}

/** The fewest runs after which a base seed was given up; Infinity where none was. */
export const capOf = (detections: Detections): number =>
  Math.min(...Object.values(detections).map((one) => (typeof one === 'number' ? Infinity : one.atLeast)));
