import type { OpName } from '../protocol/client-packets.ts';
import type { KeeperState } from '../protocol/client-events.ts';
import type { Channel } from '../protocol/host.ts';
import type { EnsembleConfig } from '../protocol/config.ts';
import type { Sid } from '../protocol/ids.ts';
import type { EventType } from '../protocol/client-packets.ts';
import type { ServerState } from '../protocol/packets.ts';
import type { HistoryPlan, RecordedPlan, ServerRelease } from './history-plan.ts';
import type { TraceEventType } from './trace-events.ts';

export type { HistoryPlan, RecordedPlan, ServerRelease };

/**
 * A run, fully spelled out: what the scenario loader makes of a file and what the simulation takes. Plain data with
 * every default filled in; together with a seed and the version of Zabsim it determines the run. Times are virtual ms.
 */
export interface RunPlan {
  readonly name: string;
  readonly description: string;
  readonly ensemble: EnsembleConfig;
  /** What servers and clients run (releaseNamed): the default if absent. */
  readonly release?: string;
  /** Servers that begin with another one. */
  readonly serverReleases?: readonly ServerRelease[];
  readonly network: NetworkPlan;
  readonly disks: DiskPlan;
  /** Servers whose clocks are off from the beginning. */
  readonly clocks: readonly ClockPlan[];
  /** From start-up to a server's first step, and the delay of a stage after it was woken. */
  readonly processes: ProcessPlan;
  readonly clients: readonly ClientPlan[];
  readonly timeline: readonly TimelineEntry[];
  readonly expectations: readonly Expectation[];
  /** When the story ends: clients stop, every fault heals, and the calm begins. */
  readonly durationMs: number;
  /** Within this time after the story's end every server that can be must be equal and serving. */
  readonly calmMs: number;
  /** `broken`: what ZooKeeper is known not to promise, though many believe so, counts as a promise. Else it is only told. */
  readonly gaps?: 'broken';
  /** The defect of an older release that this story shows. */
  readonly history?: HistoryPlan;
  /** The run that this was written for: `zabsim replay` holds against it. */
  readonly recorded?: RecordedPlan;
}

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
  /** A minority and one participant more: what is left is no quorum. */
  | { readonly kind: 'majority' }
  | { readonly kind: 'allServers' }
  | { readonly kind: 'anyClient' }
  | { readonly kind: 'clients' }
  /** The last server that a fault of this run brought down or cut off. */
  | { readonly kind: 'lastStruck' }
  /** In a partition: every server not named in another group. */
  | { readonly kind: 'rest' };

export interface TimelineEntry {
  readonly trigger: Trigger;
  readonly fault: Fault;
  /** When a fault that lasts ends by itself. Undefined: with the story, or by another fault. */
  readonly ending: Ending | undefined;
  /** As a file would say it, for reports, messages and the key of its draws: `crash: leader`. */
  readonly text: string;
  /** `file:line:column`, or where else it comes from. */
  readonly source: string;
}

/** The `count`-th event of this kind since `afterMs`, on the server if one is named. */
export interface When {
  readonly event: TraceEventType;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly on: Target | undefined;
  readonly count: number;
  readonly afterMs: number;
}

export type Trigger =
  | { readonly kind: 'at'; readonly atMs: number }
  /** First after one interval from `fromMs`; then again and again. */
  | {
      readonly kind: 'every';
      readonly interval: Distribution;
      readonly fromMs: number;
      readonly untilMs: number;
      readonly times: number;
    }
  /** `delayMs` after the entry above has struck for the first time. */
  | { readonly kind: 'then'; readonly delayMs: number }
  /** `delayMs` after the event. `afterPrevious`: those before the entry above has struck for the first time don't count either. */
  | ({ readonly kind: 'when'; readonly delayMs: number; readonly afterPrevious: boolean } & When);

export type Ending =
  | { readonly kind: 'for'; readonly ms: number }
  | { readonly kind: 'until'; readonly atMs: number }
  /** When the entry below strikes for the first time. */
  | { readonly kind: 'untilNext' }
  /** Counted from the moment at which the fault struck. */
  | ({ readonly kind: 'untilEvent' } & When);

interface On {
  readonly target: readonly Target[];
}
/** Two sides: links from each member of the one to each of the other, and back unless `oneWay`. */
interface Between {
  readonly between: readonly [readonly Target[], readonly Target[]];
}
/** A server that is up is stopped first. */
interface DataChange extends On {
  readonly restartAfterMs: number | undefined;
}
export type Port = Channel | 'all';

/** What becomes of writes that no fsync covered; `some` keeps a seeded part of them, `torn` also half of a record. */
export type Loss = 'none' | 'some' | 'torn' | 'all';

export type ProcessFault =
  /**
   * `silent`: the machine is gone, so nobody closes its sockets and peers notice only by their timeouts; otherwise every
   * peer is told at once. `after`: not now, but when the process has carried out that many more effects or disk writes, in the middle
   * of a step if it comes so. `forGood`: not even the calm starts it again. A client loses its session and, restarted, opens another.
   */
  | ({
      readonly kind: 'crash';
      readonly lose: Loss;
      readonly silent: boolean;
      readonly restartAfterMs: number | undefined;
      readonly after: { readonly unit: 'effects' | 'writes'; readonly count: number } | undefined;
      readonly forGood: boolean;
    } & On)
  /** `release`: servers run another one from now on. */
  | ({ readonly kind: 'restart'; readonly release?: string } & On)
  /** A stop-the-world collection: nothing runs, sockets stay open. */
  | ({ readonly kind: 'pause' } & On)
  | ({ readonly kind: 'resume' } & On)
  /** Each stage takes its turn only after this long. */
  | ({ readonly kind: 'slowCpu'; readonly stage: Distribution } & On);

export type NetworkFault =
  /** Between members of different groups nothing arrives any more; `oneWay`: only from the first group to the others. */
  | {
      readonly kind: 'partition';
      readonly groups: readonly (readonly Target[])[];
      readonly oneWay: boolean;
    }
  /** The other servers fall into two drawn halves that don't hear each other; the target hears both. */
  | ({ readonly kind: 'bridge' } & On)
  /** In the order of their sids each of the targets hears only the one before and the one after it. */
  | ({ readonly kind: 'ring' } & On)
  /** Each of the targets is cut off from every other server and client. */
  | ({ readonly kind: 'isolate' } & On)
  /** The links between two sides are cut for `downMs`, whole for `upMs`, and so on. */
  | ({ readonly kind: 'flap'; readonly downMs: number; readonly upMs: number } & Between)
  /** What is on these links and what is sent from now on stays there, until it all arrives at once. */
  | ({ readonly kind: 'hold'; readonly oneWay: boolean } & Between)
  | ({ readonly kind: 'release' } & Between)
  /** Holds every link from and to each of the targets. */
  | ({ readonly kind: 'clog' } & On)
  /** Clogs the targets one by one within `withinMs`, and at the end frees them within as much, in another order. */
  | ({ readonly kind: 'swizzle'; readonly withinMs: number } & On)
  /** What is undefined stays as it was. */
  | ({ readonly kind: 'link'; readonly oneWay: boolean; readonly change: Partial<LinkQuality> } & Between)
  /** Connections between the two sides are reset. Who is not told believes in a connection that is half open. */
  | ({ readonly kind: 'disconnect'; readonly told: 'both' | 'first' | 'nobody' } & Between)
  /** Dials of these ports are answered by a reset. */
  | ({ readonly kind: 'refuse'; readonly port: Port } & On)
  /** Dials of these ports get no answer, as from a full backlog. */
  | ({ readonly kind: 'fullBacklog'; readonly port: Port } & On);

export type DiskFault =
  | ({
      readonly kind: 'slowDisk';
      readonly fsync: Distribution | undefined;
      readonly throughput: number | undefined;
    } & On)
  /** What is asked of the disk waits until the stall ends. */
  | ({ readonly kind: 'stallDisk' } & On)
  /** No space left: what is written fails. Files can be deleted and cut. */
  | ({ readonly kind: 'fullDisk' } & On)
  /** Every write and fsync fails. */
  | ({ readonly kind: 'failWrites' } & On)
  /** A bit of a log record (drawn among those that are durable) or of the newest snapshot. */
  | ({ readonly kind: 'flipBit'; readonly where: 'log' | 'snapshot' } & On)
  /** The newest snapshot is gone. */
  | ({ readonly kind: 'loseSnapshot' } & DataChange)
  /** The newest log file is gone: the newest snapshot may be newer than what is left. */
  | ({ readonly kind: 'loseLog' } & DataChange);

export type DataFault =
  /** The data directory is empty. */
  | ({ readonly kind: 'wipe' } & DataChange)
  /** The data directory is that of another server (`myid` aside). */
  | ({ readonly kind: 'copyData'; readonly from: Target } & DataChange)
  /** Keeps a copy of what is durable now, for `restore`. */
  | ({ readonly kind: 'backup' } & On)
  /** The data directory is that of the last backup, or empty if there was none. */
  | ({ readonly kind: 'restore' } & DataChange);

export type ClockFault =
  /**
   * `stepMs`: the wall clock jumps, for ever. `driftPpm`: both clocks run faster by so much. `freeze`: they stand still, the wall
   * clock alone or both; timers hang on the monotonic one.
   */
  {
    readonly kind: 'clock';
    readonly stepMs: number | undefined;
    readonly driftPpm: number | undefined;
    readonly freeze: 'wall' | 'both' | undefined;
  } & On;

export type ClientFault =
  /** So many more connections to each of the targets, from one machine; with `sessions`, each asks for one. */
  | ({ readonly kind: 'flood'; readonly connections: number; readonly sessions: boolean } & On)
  /** Somebody else takes up the client's session by its id and password, and closes it. `wrong`: the password is only guessed. */
  | ({ readonly kind: 'expire'; readonly password?: 'wrong' } & On);

export type Fault =
  | ProcessFault
  | NetworkFault
  | DiskFault
  | DataFault
  | ClockFault
  | ClientFault
  /** Ends every fault that lasts, but for pauses. */
  | { readonly kind: 'heal' };

export type FaultKind = Fault['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

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
  /** What became of a promise, by its checker's name; `void`: it was broken, and a fault outside of the model had voided it before. */
  | { readonly kind: 'promise'; readonly promise: string; readonly is: 'kept' | 'broken' | 'void' }
  /** Whether a write completed once every fault had ended. */
  | { readonly kind: 'live'; readonly live: boolean }
);
