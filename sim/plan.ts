import type { KeeperState } from '../protocol/client-events.ts';
import type { EventType, OpName } from '../protocol/client-packets.ts';
import type { EnsembleConfig } from '../protocol/config.ts';
import type { Sid } from '../protocol/ids.ts';
import type { ServerState } from '../protocol/packets.ts';
import type { ClientPlan } from './client-plan.ts';
import type { TimelineEntry } from './fault-plan.ts';
import type { HistoryPlan, RecordedPlan, ServerRelease } from './history-plan.ts';
import type { TraceEventType } from './trace-events.ts';
import type { ClockPlan, DiskPlan, NetworkPlan, ProcessPlan } from './world-plan.ts';

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
