import { MICROS_PER_MS, type Micros } from '../sim/time.ts';

/** Numbers as people read them. Written out here, as the engine's own formatting depends on the machine's locale. */

/** `12,345`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 txn`, `12,345 txns`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(count)} ${count === 1 ? noun : plural}`;

/** Virtual time of an event, in seconds to the millisecond: `12.345s`. */
export const clockTime = (at: Micros): string => `${(Math.floor(at / MICROS_PER_MS) / 1000).toFixed(3)}s`;

/** A length of time, in ms, with a unit that suits it: `850 ms`, `2.41 s`, `95.0 s`, `3,600 s`. */
export function duration(ms: number): string {
  if (ms >= 1_000_000) return `${grouped(Math.round(ms / 1000))} s`;
  if (ms < 1000) return `${String(Math.round(ms))} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return 'none';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
