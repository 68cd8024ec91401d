import type { FailureGroup, Trouble } from '../../sim/fuzz/campaign.ts';
import type { StrategyName } from '../../sim/fuzz/search/strategies.ts';
import type { Shard } from '../../sim/fuzz/shard.ts';

/** What became of a campaign: the object that `zabsim fuzz --json` prints. Fields may be added, never renamed. */
export interface FuzzReport {
  readonly version: string;
  readonly seed: string;
  readonly profile: string;
  readonly strategy: StrategyName;
  /** What servers and clients ran, where it was not the default. */
  readonly release?: string;
  /** What was asked for, all shards together. */
  readonly asked: { readonly runs: number } | { readonly timeMs: number };
  /** The number of the one run that was wanted. */
  readonly only?: number;
  /** Only where it is one of several. */
  readonly shard?: Shard;
  /** It was stopped before it had run all that was asked for. */
  readonly interrupted: boolean;
  readonly runs: number;
  readonly seconds: number;
  readonly runsPerSecond: number;
  readonly events: number;
  readonly virtualMs: number;
  /** Named situations and how often runs came into them, zeros included. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly failures: readonly FuzzFailure[];
  /** Runs that gave no verdict, by Zabsim's own fault. */
  readonly troubles: readonly FuzzTrouble[];
  /** Failure files of earlier campaigns, which were tried first. */
  readonly remembered: readonly Remembered[];
}

export interface FuzzFailure extends FailureGroup {
  /** Undefined: it could not be written. */
  readonly file?: string;
  readonly reproduce: string;
}

export interface FuzzTrouble extends Trouble {
  /** The plan of the run. Undefined: it could not be written. */
  readonly file?: string;
  readonly reproduce: string;
}

export type Remembered =
  | {
      readonly state: 'failing';
      readonly file: string;
      readonly promise: string;
      readonly evidence: readonly string[];
    }
  /** It no longer breaks its promise, and was moved out of the way. */
  | { readonly state: 'fixed'; readonly file: string; readonly promise: string; readonly movedTo: string }
  /** Zabsim failed over it, so that nobody knows whether it is fixed. */
  | {
      readonly state: 'troubled';
      readonly file: string;
      readonly kind: Trouble['kind'];
      readonly error?: string;
    }
  /** Nothing can be told of it, and it counts for nothing. */
  | { readonly state: 'unusable'; readonly file: string; readonly why: string };

/** Remembered failures that are not fixed, and were not found anew: those are told as failures. */
export const stillFailing = ({
  remembered,
  failures,
}: Pick<FuzzReport, 'remembered' | 'failures'>): readonly Extract<Remembered, { state: 'failing' }>[] =>
  remembered.flatMap((one) =>
    one.state === 'failing' && !failures.some(({ file }) => file === one.file) ? [one] : [],
  );

/** Remembered failures over which Zabsim failed. */
export const troubled = ({
  remembered,
}: Pick<FuzzReport, 'remembered'>): readonly Extract<Remembered, { state: 'troubled' }>[] =>
  remembered.flatMap((one) => (one.state === 'troubled' ? [one] : []));

/** All that somebody has to look at. */
export const isClean = (report: FuzzReport): boolean =>
  report.failures.length === 0 &&
  report.troubles.length === 0 &&
  stillFailing(report).length === 0 &&
  troubled(report).length === 0;
