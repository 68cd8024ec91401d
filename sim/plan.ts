import type { OpName } from '../protocol/client-packets.ts';
import type { KeeperState } from '../protocol/client-events.ts';
import type { EnsembleConfig } from '../protocol/config.ts';
import type { Sid } from '../protocol/ids.ts';
import type { EventType } from '../protocol/client-packets.ts';
import type { ServerState } from '../protocol/packets.ts';
import type { TraceEventType } from './trace-events.ts';

/**
 * A run, fully spelled out: what the scenario loader makes of a file and what the simulation takes. Plain data with
 * every default filled in; together with a seed and the version of Zabsim it determines the run. Times are virtual ms.
 */
export interface RunPlan {
  readonly name: string;
  readonly description: string;
  readonly ensemble: EnsembleConfig;
  readonly network: NetworkPlan;
  readonly disks: DiskPlan;
  /** From start-up to a server's first step, and the delay of a stage after it was woken. */
  readonly processes: ProcessPlan;
  readonly clients: readonly ClientPlan[];
  readonly timeline: readonly TimelineEntry[];
  readonly expectations: readonly Expectation[];
  /** When the story ends: clients stop, every fault heals, and the calm begins. */
  readonly durationMs: number;
  /** Within this time after the story's end every server that can be must be equal and serving. */
  readonly calmMs: number;
}

/** A length of time that is drawn. All values in ms; never negative. */
export type Distribution =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  /** `minMs` plus an exponential with this mean. */
  | { readonly kind: 'exponential'; readonly minMs: number; readonly meanMs: number }
  | { readonly kind: 'logNormal'; readonly medianMs: number; readonly sigma: number };

export interface NetworkPlan {
  readonly latency: Distribution;
  /** Drawn once for each pair of hosts and added to every latency between them, for ever. */
  readonly pairOffset: Distribution;
  /** Probability that one transmission of a segment is lost. TCP sends it again: loss is delay. */
  readonly loss: number;
}

export interface DiskPlan {
  readonly fsync: Distribution;
}

export interface ProcessPlan {
  readonly boot: Distribution;
  readonly stage: Distribution;
}

// ---------------------------------------------------------------------------------------------- clients

export interface ClientPlan {
  readonly name: string;
  /** Connect string, before the client shuffles it. */
  readonly servers: readonly Sid[];
  readonly sessionTimeoutMs: number;
  /** `synced`: the server catches up with the leader before each of this client's reads is answered. */
  readonly reads: 'local' | 'synced';
  /** False: a client library that does not set its watches again on a new connection. */
  readonly autoWatchReset?: boolean;
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

// ---------------------------------------------------------------------------------------------- faults

/** Who a fault strikes, resolved at the moment it strikes. Draws among several candidates come from the seed. */
export type Target =
  | { readonly kind: 'server'; readonly sid: Sid }
  | { readonly kind: 'client'; readonly name: string }
  | { readonly kind: 'leader' }
  | { readonly kind: 'anyFollower' }
  | { readonly kind: 'followers' }
  | { readonly kind: 'anyObserver' }
  | { readonly kind: 'observers' }
  | { readonly kind: 'anyServer' }
  /** As many participants as a quorum can do without, never the leader. */
  | { readonly kind: 'minority' }
  /** The leader and as many followers as still make a minority. */
  | { readonly kind: 'minorityWithLeader' }
  | { readonly kind: 'allServers' }
  /** The last server that a fault of this run brought down or cut off. */
  | { readonly kind: 'lastStruck' }
  /** In a partition: every server not named in another group. */
  | { readonly kind: 'rest' };

export interface TimelineEntry {
  readonly trigger: Trigger;
  readonly fault: Fault;
  /** As in the file, for reports and messages: `crash: leader`. */
  readonly text: string;
  /** `file:line:column`, or where else it comes from. */
  readonly source: string;
}

export type Trigger =
  | { readonly kind: 'at'; readonly atMs: number }
  /** `delayMs` after the `count`-th event of this kind since `afterMs`, on the server if one is named. */
  | {
      readonly kind: 'when';
      readonly event: TraceEventType;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
      readonly on: Target | undefined;
      readonly count: number;
      readonly afterMs: number;
      readonly delayMs: number;
    };

export type Fault =
  /**
   * `lose`: what becomes of writes that no fsync covered; `some` keeps a seeded prefix of them. `silent`: the machine is
   * gone, so nobody closes its sockets and peers notice only by their timeouts; otherwise every peer is told at once.
   */
  | {
      readonly kind: 'crash';
      readonly target: readonly Target[];
      readonly lose: 'none' | 'some' | 'all';
      readonly silent: boolean;
      readonly restartAfterMs: number | undefined;
    }
  | { readonly kind: 'restart'; readonly target: readonly Target[] }
  /** A stop-the-world collection: nothing runs, sockets stay open. */
  | { readonly kind: 'pause'; readonly target: readonly Target[]; readonly forMs: number | undefined }
  | { readonly kind: 'resume'; readonly target: readonly Target[] }
  /** Between members of different groups nothing arrives any more; `oneWay`: only from the first group to the others. */
  | {
      readonly kind: 'partition';
      readonly groups: readonly (readonly Target[])[];
      readonly oneWay: boolean;
      readonly forMs: number | undefined;
    }
  /** Each of the targets is cut off from every other server and client. */
  | { readonly kind: 'isolate'; readonly target: readonly Target[]; readonly forMs: number | undefined }
  /** Ends every partition and isolation, and every change of links and disks. */
  | { readonly kind: 'heal' }
  /** Links between the two groups, in both directions, get this latency and loss. */
  | {
      readonly kind: 'link';
      readonly between: readonly [readonly Target[], readonly Target[]];
      readonly latency: Distribution | undefined;
      readonly loss: number | undefined;
      readonly forMs: number | undefined;
    }
  /** Connections between the two groups are reset. */
  | { readonly kind: 'disconnect'; readonly between: readonly [readonly Target[], readonly Target[]] }
  | {
      readonly kind: 'slowDisk';
      readonly target: readonly Target[];
      readonly fsync: Distribution;
      readonly forMs: number | undefined;
    };

export type FaultKind = Fault['kind'];

// ---------------------------------------------------------------------------------------------- expectations

interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}
interface Count {
  readonly min: number;
  readonly max: number;
}

export type Expectation = { readonly text: string; readonly source: string } & (
  | ({ readonly kind: 'leader'; readonly server: Sid | undefined } & Window & Count)
  /** Trace events with these fields. */
  | ({
      readonly kind: 'event';
      readonly event: TraceEventType;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
      readonly server: Sid | undefined;
    } & Window &
      Count)
  /** Answers that clients got: `ok`, `failed` (any definite error), `unknown` (connection loss), or an error's name. */
  | ({
      readonly kind: 'answers';
      readonly client: string | undefined;
      readonly ops: readonly OpName[];
      readonly result: string;
    } & Window &
      Count)
  | ({
      readonly kind: 'watch';
      readonly client: string | undefined;
      readonly eventType: EventType | undefined;
      readonly path: string | undefined;
    } & Window &
      Count)
  | ({ readonly kind: 'session'; readonly client: string; readonly state: KeeperState } & Window & Count)
  /** At the end of the run, on every server alive. `data` undefined: not compared. */
  | {
      readonly kind: 'znode';
      readonly path: string;
      readonly exists: boolean;
      readonly data: string | undefined;
      readonly children: number | undefined;
    }
  /** At the end of the run. */
  | { readonly kind: 'state'; readonly server: Sid; readonly state: ServerState | 'DOWN' }
);
