import { z } from 'zod';
import { nearestWord } from '../../protocol/nearest-word.ts';

/**
 * Quantities carry their unit: `250ms`, `1MiB`, `0.1%`. Times become ms and are whole microseconds, the kernel's
 * grain; sizes become bytes and percentages shares of 1. A bare number is refused: nobody knows what it counts.
 */
interface Quantity {
  readonly id: string;
  /** What a message says was expected. */
  readonly expected: string;
  /** Unit → how many base units one is, in the order in which messages list them. */
  readonly units: ReadonlyMap<string, number>;
  /** Base units in one of what the plan counts. */
  readonly divisor: number;
  /** The unit that is proposed where none was given. */
  readonly usual: string;
}

const TIME: Quantity = {
  id: 'time',
  expected: 'a time with its unit: 50us, 250ms, 10s, 2m or 1h',
  units: new Map([
    ['us', 1],
    ['ms', 1000],
    ['s', 1_000_000],
    ['m', 60_000_000],
    ['h', 3_600_000_000],
  ]),
  divisor: 1000,
  usual: 's',
};
const SIZE: Quantity = {
  id: 'size',
  expected: 'a size with its unit: 100B, 64KiB or 1MiB',
  units: new Map([
    ['B', 1],
    ['KiB', 1024],
    ['MiB', 1024 * 1024],
  ]),
  divisor: 1,
  usual: 'B',
};
const SHARE: Quantity = {
  id: 'share',
  expected: 'a percentage from 0% to 100%, such as 0.1%',
  units: new Map([['%', 1]]),
  divisor: 100,
  usual: '%',
};

const pattern = (quantity: Quantity): RegExp =>
  new RegExp(`^[0-9]+(\\.[0-9]+)?(${[...quantity.units.keys()].join('|')})$`);

function parse(quantity: Quantity, text: string): number {
  const number = Number.parseFloat(text);
  const unit = text.replace(/^[0-9.]+/, '');
  return (number * (quantity.units.get(unit) ?? Number.NaN)) / quantity.divisor;
}

const reader = (quantity: Quantity): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z
    .string({ error: quantity.expected })
    .regex(pattern(quantity), { error: quantity.expected })
    .transform((text) => parse(quantity, text));

const micros = (ms: number): number => Math.round(ms * 1000);
const isWholeMicros = (ms: number): boolean => Math.abs(ms * 1000 - micros(ms)) < 1e-6;

/** ms, on the kernel's grain of a microsecond. */
export const time = reader(TIME)
  .refine(isWholeMicros, { error: 'a time of whole microseconds' })
  .transform((ms) => micros(ms) / 1000)
  .meta({ id: TIME.id, description: 'A time with its unit: us, ms, s, m or h.' });

/** Whole ms above zero: what ZooKeeper itself counts in. */
export const wholeMs = reader(TIME)
  .refine((ms) => Number.isInteger(ms) && ms > 0, { error: 'a time of whole milliseconds above zero' })
  .meta({ id: 'wholeMs', description: 'A time of whole milliseconds above zero.' });

/** Bytes. */
export const size = reader(SIZE)
  .refine((bytes) => Number.isInteger(bytes), { error: 'a size of whole bytes' })
  .meta({ id: SIZE.id, description: 'A size with its unit: B, KiB or MiB.' });

/** 0 to 1. */
export const share = reader(SHARE)
  .refine((value) => value <= 1, { error: SHARE.expected })
  .meta({ id: SHARE.id, description: 'A percentage from 0% to 100%.' });

/** What a wrong quantity was probably meant to be: the nearest unit, or the usual one. */
export function suggestQuantity(expected: string, input: unknown): string | undefined {
  const quantity = [TIME, SIZE, SHARE].find((candidate) => candidate.expected === expected);
  const parts = /^([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z%]*)$/.exec(
    typeof input === 'number' || typeof input === 'string' ? String(input) : '',
  );
  if (quantity === undefined || parts === null) return undefined;
  const [, number = '', written = ''] = parts;
  const unit = written === '' ? quantity.usual : nearestUnit(quantity, written);
  return unit === undefined || unit === written ? undefined : number + unit;
}

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
]);

function nearestUnit(quantity: Quantity, written: string): string | undefined {
  const known = ELSEWHERE.get(written.toLowerCase());
  if (known !== undefined && quantity.units.has(known)) return known;
  return nearestWord(written, quantity.units.keys());
}

/** A time as a person writes it: `1500` → `1.5s`. */
export function formatTime(ms: number): string {
  if (ms >= 1000) return `${String(ms / 1000)}s`;
  return ms >= 1 || ms === 0 ? `${String(ms)}ms` : `${String(micros(ms))}us`;
}
