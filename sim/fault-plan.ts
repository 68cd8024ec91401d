import type { Channel } from '../protocol/host.ts';
import type { Sid } from '../protocol/ids.ts';
import type { TraceEventType } from './trace-events.ts';
import type { Distribution, LinkQuality } from './world-plan.ts';

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
