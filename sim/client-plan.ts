import type { Sid } from '../protocol/ids.ts';
import type { Distribution } from './world-plan.ts';

export interface ClientPlan {
  readonly name: string;
  /** Connect string, before the client shuffles it. */
  readonly servers: readonly Sid[];
  readonly sessionTimeoutMs: number;
  /** `synced`: the server catches up with the leader before each of this client's reads is answered. */
  readonly reads: 'local' | 'synced';
  /** False: a client library that does not set its watches again on a new connection. */
  readonly autoWatchReset?: boolean;
  /** Which request its first one counts as, from 1: to see what happens when the 2³¹ − 2 xids run out. */
  readonly firstXid?: number;
  readonly startMs: number;
  readonly activities: readonly Activity[];
}

/** One thing a client does, once or again and again. Activities of a client run side by side. */
export interface Activity {
  readonly startMs: number;
  readonly repeat: Repeat;
  readonly operation: OperationPlan;
}

export type Repeat =
  | { readonly kind: 'once' }
  /** At fixed or drawn intervals, whether or not the last one was answered. */
  | {
      readonly kind: 'every';
      readonly interval: Distribution;
      readonly untilMs: number;
      readonly times: number;
    }
  /** The next as soon as fewer than `inFlight` are unanswered. */
  | {
      readonly kind: 'backToBack';
      readonly inFlight: number;
      readonly untilMs: number;
      readonly times: number;
    };

/** In paths and data, `{n}` is the activity's repetition from 1 and `{client}` the client's name. */
export type OperationPlan =
  | {
      readonly op: 'create';
      readonly path: string;
      readonly data: DataPlan;
      readonly ephemeral: boolean;
      readonly sequential: boolean;
    }
  | { readonly op: 'delete'; readonly path: string; readonly version: number }
  | { readonly op: 'setData'; readonly path: string; readonly data: DataPlan; readonly version: number }
  | { readonly op: 'check'; readonly path: string; readonly version: number }
  | { readonly op: 'multi'; readonly ops: readonly OperationPlan[] }
  | { readonly op: 'exists' | 'getData' | 'getChildren'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'sync'; readonly path: string }
  /** closeSession; the client opens no other. */
  | { readonly op: 'close' };

export type DataPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'size'; readonly bytes: number };
