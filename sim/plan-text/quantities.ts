/**
 * Quantities as scenario files write them: a number and its unit. The units are listed from the smallest to the largest, each with how
 * many of the smallest it is; a quantity is printed in the largest that keeps it whole, so that reading it gives the same number again.
 */
export type Units = ReadonlyMap<string, number>;

export const TIME_UNITS: Units = new Map([
  ['us', 1],
  ['ms', 1000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
]);
export const SIZE_UNITS: Units = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 * 1024],
]);
export const RATE_UNITS: Units = new Map([...SIZE_UNITS].map(([unit, bytes]) => [`${unit}/s`, bytes]));
/** Parts of a million. */
export const DRIFT_UNITS: Units = new Map([
  ['ppm', 1],
  ['%', 10_000],
]);

/** `90000` → `90s`. On the kernel's grain of a microsecond; negative where a clock is set back. */
export function timeText(ms: number): string {
  const micros = Math.round(ms * 1000);
  return micros === 0 ? '0s' : inLargestUnit(micros, TIME_UNITS);
}

export const sizeText = (bytes: number): string => inLargestUnit(bytes, SIZE_UNITS, 'B');
export const rateText = (bytesPerSecond: number): string => inLargestUnit(bytesPerSecond, RATE_UNITS, 'B/s');
export const driftText = (ppm: number): string => inLargestUnit(ppm, DRIFT_UNITS, 'ppm');

/** A share of 1 in percent, with the fewest digits that give the same share again: 0.07 × 100 is not 7 to the last bit. */
export function shareText(share: number): string {
  for (let digits = 1; digits <= 17; digits++) {
    const percent = Number((share * 100).toPrecision(digits));
    if (Number(`${percent}e-2`) === share) return `${percent}%`;
  }
  return `${share * 100}%`;
}

function inLargestUnit(amount: number, units: Units, unitOfZero = 'us'): string {
  if (amount === 0) return `0${unitOfZero}`;
  const fitting = [...units].filter(([, size]) => amount % size === 0);
  const [unit, size] = fitting.at(-1) ?? [unitOfZero, 1];
  return `${amount / size}${unit}`;
}
