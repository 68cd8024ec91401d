import { InvalidArgumentError } from 'commander';
import { TIME_UNITS } from '../../plan-text/quantities.ts';
import type { Shard } from '../../fuzz/shard.ts';

/** What `zabsim fuzz` is asked for, as the command line has read it. */
export interface FuzzOptions {
  readonly runs?: number;
  readonly time?: number;
  readonly seed?: string;
  readonly only?: number;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly profile?: string;
  readonly strategy?: string;
  readonly release?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly failures: string;
  readonly resume?: boolean;
  readonly journal?: string;
  readonly shrinkTime: number;
  readonly runTimeout: number;
  readonly runMemory: number;
}

export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above zero.');
  return Number(text);
}

export function runNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected the number of a run, from 0.');
  return Number(text);
}

/** `10m` in ms. */
export function time(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const micros = TIME_UNITS.get(unit);
  const ms = number === undefined || micros === undefined ? 0 : (Number(number) * micros) / 1000;
  if (ms <= 0 || ms > LONGEST_MS)
    throw new InvalidArgumentError('Expected a time with its unit: 30s, 10m or 1h; 500h at most.');
  return ms;
}

/** A timer can't wait for more than 2³¹ ms. */
const LONGEST_MS = 500 * 3_600_000;

export function shard(text: string): Shard {
  const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (part === undefined || of === undefined || part < 1 || part > of)
    throw new InvalidArgumentError('Expected I/N, such as 2/4 for the second of four.');
  return { part, of };
}
