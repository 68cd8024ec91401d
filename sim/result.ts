import type { Sid } from '../protocol/ids.ts';
import type { ServerState, ZabState } from '../protocol/packets.ts';
import type { FaultKind } from './fault-plan.ts';

/** What a run was: the object that `--json` prints. Fields may be added, never renamed. */
export interface RunResult {
  readonly scenario: string;
  readonly seed: string;
  readonly version: string;
  /** What servers and clients run, where it is not the default. */
  readonly release?: string;
  readonly verdict: 'kept' | 'broken' | 'failed';
  /** 16 hex digits over every trace event. */
  readonly fingerprint: string;
  readonly virtualMs: number;
  readonly wallMs: number;
  /** Steps taken off the event queue. */
  readonly events: number;
  /** Delivered packets. */
  readonly messages: number;
  readonly operations: { readonly ok: number; readonly failed: number; readonly unknown: number };
  readonly leaders: readonly { readonly epoch: number; readonly sid: Sid; readonly atMs: number }[];
  readonly servers: readonly ServerResult[];
  readonly promises: readonly PromiseResult[];
  readonly expectations: readonly ExpectationResult[];
  readonly liveness: Liveness;
  /** Every fault that struck, in order. */
  readonly faults: readonly FaultResult[];
  /** Faults that ZooKeeper does not promise to survive. Empty: every broken promise is its own doing. */
  readonly outsideModel: readonly OutsideFault[];
}

export interface ServerResult {
  readonly sid: Sid;
  readonly name: string;
  readonly state: ServerState | 'DOWN';
  readonly zabState: ZabState | 'DOWN';
  /** `0x100000003`. */
  readonly lastZxid: string;
  /** 16 hex digits over the whole tree; empty when the server is down. */
  readonly digest: string;
}

export interface PromiseResult {
  readonly name: string;
  readonly kept: boolean;
  /** How many times it was checked. */
  readonly checked: number;
  /** The first contradiction, when not kept: what was seen, at which virtual time, by whom. */
  readonly evidence?: readonly string[];
  /** When the later of the two events that contradict each other happened. */
  readonly atMs?: number;
  /** Not kept, because it can't be told: a limit of the search was reached. The verdict is `failed` then. */
  readonly unknown?: string;
  /** Kept as far as ZooKeeper promises it; many believe that it promises more, and here that was missed. */
  readonly knownGap?: readonly string[];
  /** The events of the trace that lead from the one to the other, oldest first: `9.532 s zk2 established …`. */
  readonly slice?: readonly string[];
  /** Not kept, but only after this fault, which nobody promises to survive: `wipe: zk3 at 12.000 s`. */
  readonly voidedBy?: string;
}

/** Whether the ensemble worked once every fault had ended. */
export interface Liveness {
  /** A write was answered, and somebody leads. */
  readonly live: boolean;
  /** When it was answered. */
  readonly atMs?: number;
  /** Why it could not be live. */
  readonly excuse?: string;
}

export interface FaultResult {
  /** As the scenario says it. */
  readonly text: string;
  readonly kind: FaultKind;
  /** What set it off. */
  readonly cause: string;
  readonly atMs: number;
  /** Missing for a fault that is over at once. */
  readonly endedAtMs?: number;
  /** Names of servers and clients; nobody: it found no victim. */
  readonly struck: readonly string[];
}

export interface OutsideFault {
  /** `wipe: zk3`. */
  readonly fault: string;
  readonly atMs: number;
  /** Those that had not been broken yet: ZooKeeper no longer answers for them. */
  readonly promises: readonly string[];
}

export interface ExpectationResult {
  readonly text: string;
  readonly met: boolean;
  readonly atMs?: number;
  /** What was seen instead. */
  readonly seen?: string;
}
