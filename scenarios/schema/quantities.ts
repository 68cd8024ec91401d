import { z } from 'zod';
import { nearestWord } from '../../protocol/nearest-word.ts';
import {
  DRIFT_UNITS,
  RATE_UNITS,
  SIZE_UNITS,
  TIME_UNITS,
  type Units,
} from '../../sim/plan-text/quantities.ts';

/**
 * Quantities carry their unit: `250ms`, `1MiB`, `0.1%`. Times become ms and are whole microseconds, the kernel's
 * grain; sizes become bytes, rates bytes a second, drifts ppm, and percentages shares of 1. A bare number is refused:
 * nobody knows what it counts.
 */
interface Quantity {
  readonly id: string;
  /** What a message says was expected. */
  readonly expected: string;
  readonly units: Units;
  /** What the plan counts is this power of ten of base units. */
  readonly power: number;
  /** The unit that is proposed where none was given. */
  readonly usual: string;
  readonly signed?: true;
}

const TIME: Quantity = {
  id: 'time',
  expected: 'a time with its unit: 50us, 250ms, 10s, 2m or 1h',
  units: TIME_UNITS,
  power: 3,
  usual: 's',
};
const SIGNED_TIME: Quantity = {
  ...TIME,
  id: 'signedTime',
  expected: 'a time with its unit, back or ahead: -3s, 250ms or 1h',
  signed: true,
};
const SIZE: Quantity = {
  id: 'size',
  expected: 'a size with its unit: 100B, 64KiB or 1MiB',
  units: SIZE_UNITS,
  power: 0,
  usual: 'B',
};
const RATE: Quantity = {
  id: 'rate',
  expected: 'bytes a second above zero: 500B/s, 64KiB/s or 10MiB/s',
  units: RATE_UNITS,
  power: 0,
  usual: 'MiB/s',
};
const SHARE: Quantity = {
  id: 'share',
  expected: 'a percentage from 0% to 100%, such as 0.1%',
  units: new Map([['%', 1]]),
  power: 2,
  usual: '%',
};
const DRIFT: Quantity = {
  id: 'drift',
  expected: 'a drift with its unit, at most 50% either way: 200ppm, -50ppm or 1%',
  units: DRIFT_UNITS,
  power: 0,
  usual: 'ppm',
  signed: true,
};
const QUANTITIES = [TIME, SIGNED_TIME, SIZE, RATE, SHARE, DRIFT];

const MAX_DRIFT_PPM = 500_000;

const pattern = (quantity: Quantity): RegExp =>
  new RegExp(
    `^${quantity.signed ? '[-+]?' : ''}[0-9]+(\\.[0-9]+)?(${[...quantity.units.keys()].join('|')})$`,
  );

function parse(quantity: Quantity, text: string): number {
  const number = Number.parseFloat(text);
  const unit = text.replace(/^[-+0-9.]+/, '');
  const amount = number * (quantity.units.get(unit) ?? Number.NaN);
  // 17.92 / 100 is not 0.1792 to the last bit, and 17.92e-2 is.
  const value = Number(`${amount}e-${quantity.power}`);
  // `-0s` is no other time than `0s`.
  return value === 0 ? 0 : value;
}

const reader = (quantity: Quantity): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z
    .string({ error: quantity.expected })
    .regex(pattern(quantity), { error: quantity.expected })
    .transform((text) => parse(quantity, text));

const micros = (ms: number): number => Math.round(ms * 1000);
const isWholeMicros = (ms: number): boolean => Math.abs(ms * 1000 - micros(ms)) < 1e-6;

const onTheGrain = (quantity: Quantity): ReturnType<typeof reader> =>
  reader(quantity)
    .refine(isWholeMicros, { error: 'a time of whole microseconds' })
    .overwrite((ms) => micros(ms) / 1000);

/** ms, on the kernel's grain of a microsecond. */
export const time = onTheGrain(TIME).meta({
  id: TIME.id,
  description: 'A time with its unit: us, ms, s, m or h.',
});

/** ms, ahead or, below zero, back. */
export const signedTime = onTheGrain(SIGNED_TIME).meta({
  id: SIGNED_TIME.id,
  description: 'A time with its unit, negative if back.',
});

/** Whole ms above zero: what ZooKeeper itself counts in. */
export const wholeMs = reader(TIME)
  .refine((ms) => Number.isInteger(ms) && ms > 0, { error: 'a time of whole milliseconds above zero' })
  .meta({ id: 'wholeMs', description: 'A time of whole milliseconds above zero.' });

/** Whole ms, perhaps none. */
export const wholeMsOrNone = reader(TIME)
  .refine((ms) => Number.isInteger(ms), { error: 'a time of whole milliseconds' })
  .meta({ id: 'wholeMsOrNone', description: 'A time of whole milliseconds.' });

/** Bytes. */
export const size = reader(SIZE)
  .refine((bytes) => Number.isInteger(bytes), { error: 'a size of whole bytes' })
  .meta({ id: SIZE.id, description: 'A size with its unit: B, KiB or MiB.' });

/** Bytes a second. */
export const rate = reader(RATE)
  .refine((bytes) => Number.isInteger(bytes) && bytes > 0, { error: RATE.expected })
  .meta({ id: RATE.id, description: 'Bytes a second: B/s, KiB/s or MiB/s.' });

/** Parts of a million; negative: too slow. */
export const drift = reader(DRIFT)
  .refine((ppm) => Math.abs(ppm) <= MAX_DRIFT_PPM, { error: DRIFT.expected })
  .meta({ id: DRIFT.id, description: 'How much too fast a clock runs: ppm or %; negative: too slow.' });

/** 0 to 1. */
export const share = reader(SHARE)
  .refine((value) => value <= 1, { error: SHARE.expected })
  .meta({ id: SHARE.id, description: 'A percentage from 0% to 100%.' });

/** What a wrong quantity was probably meant to be: the nearest unit, or the usual one. */
export function suggestQuantity(expected: string, input: unknown): string | undefined {
  const quantity = QUANTITIES.find((candidate) => candidate.expected === expected);
  const parts = /^([-+]?)([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z%/]*)$/.exec(
    typeof input === 'number' || typeof input === 'string' ? String(input) : '',
  );
  if (quantity === undefined || parts === null) return undefined;
  const [, sign = '', amount = '', written = ''] = parts;
  const unit = written === '' ? quantity.usual : nearestUnit(quantity, written);
  if (unit === undefined) return undefined;
  const suggestion = (quantity.signed === true ? sign : '') + withinReason(quantity, amount) + unit;
  return suggestion === input ? undefined : suggestion;
}

/** Nothing is more than all of it. */
const withinReason = (quantity: Quantity, amount: string): string =>
  quantity === SHARE && Number.parseFloat(amount) > 100 ? '100' : amount;

/** `sec`, `msec` and `MB` are what people write elsewhere. */
const ELSEWHERE = new Map([
  ...['sec', 'secs', 'second', 'seconds'].map((word) => [word, 's'] as const),
  ...['msec', 'msecs', 'millis', 'millisecond', 'milliseconds'].map((word) => [word, 'ms'] as const),
  ...['usec', 'micros', 'microsecond', 'microseconds'].map((word) => [word, 'us'] as const),
  ...['min', 'mins', 'minute', 'minutes'].map((word) => [word, 'm'] as const),
  ...['hour', 'hours', 'hr', 'hrs'].map((word) => [word, 'h'] as const),
  ...['k', 'kb'].map((word) => [word, 'KiB'] as const),
  ...['mb'].map((word) => [word, 'MiB'] as const),
  ...['byte', 'bytes'].map((word) => [word, 'B'] as const),
  ...['k/s', 'kb/s', 'kbps'].map((word) => [word, 'KiB/s'] as const),
  ...['m/s', 'mb/s', 'mbps'].map((word) => [word, 'MiB/s'] as const),
]);

function nearestUnit(quantity: Quantity, written: string): string | undefined {
  const known = ELSEWHERE.get(written.toLowerCase());
  if (known !== undefined && quantity.units.has(known)) return known;
  return nearestWord(written, quantity.units.keys());
}
