import type { Sid } from '../protocol/ids.ts';

/** A server that begins with another release than the ensemble's. */
export interface ServerRelease {
  readonly sid: Sid;
  readonly release: string;
}

export interface HistoryPlan {
  /** `ZOOKEEPER-1419`. */
  readonly issue: string;
  readonly title: string;
  /** The promise that it breaks where the defect is. */
  readonly breaks: string;
}

/** What a failure file remembers of the run that it comes from. */
export interface RecordedPlan {
  readonly seed: string;
  /** The promise that it broke. */
  readonly promise: string;
  /** Of Zabsim. */
  readonly version: string;
  readonly fingerprint: string;
}
