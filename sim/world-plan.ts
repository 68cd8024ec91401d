import type { Sid } from '../protocol/ids.ts';

/** A length of time that is drawn. All values in ms; never negative. */
export type Distribution =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  /** `minMs` plus an exponential with this mean. */
  | { readonly kind: 'exponential'; readonly minMs: number; readonly meanMs: number }
  | { readonly kind: 'logNormal'; readonly medianMs: number; readonly sigma: number }
  /** Two modes: `slow` with this probability, else `fast`. */
  | {
      readonly kind: 'bimodal';
      readonly fast: Distribution;
      readonly slow: Distribution;
      readonly slowShare: number;
    }
  /** One of what was measured somewhere, each as likely as any other. Not empty. */
  | { readonly kind: 'recorded'; readonly ms: readonly number[] };

/** What one direction of a link is like. */
export interface LinkQuality {
  readonly latency: Distribution;
  /** Drawn for each segment and added to its latency. It overtakes nothing: TCP delivers in order. */
  readonly jitter: Distribution;
  /** Probability that one transmission of a segment is lost. TCP sends it again: loss is delay. */
  readonly loss: number;
  /** Loss that comes in bursts, beside the random one. */
  readonly bursts: LossBursts | undefined;
  /** Bytes a second; segments queue behind one another. Undefined: as wide as it takes. */
  readonly bandwidth: number | undefined;
}

/** Every `everyMs` there is one burst of `forMs`, at a drawn moment of that time; within it each transmission is lost with `loss`. */
export interface LossBursts {
  readonly everyMs: number;
  readonly forMs: number;
  readonly loss: number;
}

export interface NetworkPlan extends LinkQuality {
  /** Drawn once for each pair of hosts and added to every latency between them, for ever. */
  readonly pairOffset: Distribution;
}

export interface DiskPlan {
  readonly fsync: Distribution;
  /** Bytes a second, for what is written before an fsync. Undefined: as fast as it takes. */
  readonly throughput: number | undefined;
}

/** A server's clocks: both tick too fast by `driftPpm` (too slow if negative); the wall clock is ahead by `offsetMs`. */
export interface ClockPlan {
  readonly sid: Sid;
  readonly offsetMs: number;
  readonly driftPpm: number;
}

export interface ProcessPlan {
  readonly boot: Distribution;
  readonly stage: Distribution;
}
