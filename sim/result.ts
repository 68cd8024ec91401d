import type { Sid } from '../protocol/ids.ts';
import type { ServerState, ZabState } from '../protocol/packets.ts';

/** What a run was: the object that `--json` prints. Fields may be added, never renamed. */
export interface RunResult {
  readonly scenario: string;
  readonly seed: string;
  readonly version: string;
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
}

export interface ExpectationResult {
  readonly text: string;
  readonly met: boolean;
  readonly atMs?: number;
  /** What was seen instead. */
  readonly seen?: string;
}
