/**
 * Virtual time. The kernel counts whole microseconds, so that what happens within one of ZooKeeper's milliseconds still has an
 * order of its own; the protocol sees whole milliseconds, as Java does.
 */
export type Micros = number;

export const MICROS_PER_MS = 1000;
export const fromMs = (ms: number): Micros => Math.round(ms * MICROS_PER_MS);
export const toMs = (at: Micros): number => at / MICROS_PER_MS;
export const toWholeMs = (at: Micros): number => Math.floor(at / MICROS_PER_MS);
