import { DEFAULT_CONFIG, type EnsembleConfig } from '../../../protocol/config.ts';
import type { Dice } from '../dice.ts';

/** Everything of the configuration but the servers. */
export type Limits = Omit<EnsembleConfig, 'servers'>;

/** Round trips that joining takes, dial and snapshot included, and those that a heartbeat takes. */
const JOINING_WAYS = 24;
const HEARTBEAT_WAYS = 4;
const JOINING_MS = 1500;
const HEARTBEAT_MS = 400;
/** Heartbeats are most of what an idle ensemble costs: a long run has long ticks. */
export const MOST_TICKS = 80;
const LAST_COUNTER = 2 ** 32 - 1;

const TICKS = [200, 500, 1000, 2000, 2000];
const SNAP_COUNTS = [4, 20, 100, 1000, 100_000];

export interface LimitsOptions {
  readonly slowWayMs: number;
  readonly durationMs: number;
  readonly ticks?: readonly number[];
  readonly snapCounts?: readonly number[];
  /** Percent: how often the counter of zxids is near its end. */
  readonly lastZxids?: number;
  /** So many are left then, at most. */
  readonly zxidsLeft?: number;
}

/**
 * Ticks and limits. initLimit and syncLimit leave room for what `slowWayMs` does to joining and heartbeats: with shorter ones an
 * ensemble can't live even while nothing is wrong, and that is no defect.
 */
export function drawLimits(
  dice: Dice,
  {
    slowWayMs,
    durationMs,
    ticks = TICKS,
    snapCounts = SNAP_COUNTS,
    lastZxids = 6,
    zxidsLeft = 120,
  }: LimitsOptions,
): Limits {
  const tickTime = dice.oneOf(ticks.filter((ms) => durationMs / ms <= MOST_TICKS));
  const ticksFor = (ms: number): number => Math.ceil(ms / tickTime);
  const initLimit = Math.max(dice.oneOf([5, 10]), ticksFor(JOINING_MS + JOINING_WAYS * slowWayMs));
  const syncLimit = Math.max(dice.oneOf([2, 5]), ticksFor(HEARTBEAT_MS + HEARTBEAT_WAYS * slowWayMs));
  return {
    ...DEFAULT_CONFIG,
    tickTime,
    initLimit,
    syncLimit,
    minSessionTimeout: 2 * tickTime,
    maxSessionTimeout: 20 * tickTime,
    snapCount: dice.oneOf(snapCounts),
    snapshotSizeFactor: dice.oneOf([DEFAULT_CONFIG.snapshotSizeFactor, 0.9, -1, -1]),
    maxBatchSize: dice.oneOf([1, 10, 1000, 1000]),
    maxNotificationInterval: dice.oneOf([2000, 60_000]),
    initialCounter: dice.chance(lastZxids / 100) ? LAST_COUNTER - dice.int(5, zxidsLeft) : 0,
  };
}

export const limitsText = (limits: Limits): string =>
  [
    `tickTime ${limits.tickTime} ms`,
    `initLimit ${limits.initLimit}`,
    `syncLimit ${limits.syncLimit}`,
    `snapCount ${limits.snapCount}`,
    `snapshotSizeFactor ${limits.snapshotSizeFactor}`,
    ...(limits.initialCounter > 0 ? [`initialCounter ${limits.initialCounter}`] : []),
  ].join(', ');
