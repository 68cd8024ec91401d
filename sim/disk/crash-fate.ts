/** What a power loss decides by chance. The numbers are part of the draws' keys (law 5). */
export const FATES = {
  /** How many of a log file's unflushed records stay. */
  logPrefix: 0,
  /** Whether half of the next record is there. */
  logTorn: 1,
  /** Whether a snapshot that no fsync covered stays. */
  snapshot: 2,
  /** Whether a rename under way has happened. */
  rename: 3,
} as const;

export const FATE_KINDS = Object.keys(FATES).length;

/** A draw in [0, 1) for the `index`-th thing that has a fate of this kind. */
export type Fate = (kind: keyof typeof FATES, index: number) => number;
