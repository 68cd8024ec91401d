import { sid } from '../../protocol/ids.ts';
import type { Fault, Target, TimelineEntry, Trigger } from '../../sim/fault-plan.ts';
import type { Distribution } from '../../sim/world-plan.ts';
import type { TraceEventType } from '../../sim/trace-events.ts';

/** Faults and timeline entries with their defaults filled in. */
type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;

/** A fault, and how long it lasts; undefined: until something else ends it. */
export interface Stroke {
  readonly fault: Fault;
  readonly forMs: number | undefined;
}
export const strokeOf = (what: Fault | Stroke): Stroke =>
  'fault' in what ? what : { fault: what, forMs: undefined };

type When = Extract<Trigger, { kind: 'when' }>;

const constant = (ms: number): Distribution => ({ kind: 'constant', ms });

export const LEADER: Target = { kind: 'leader' };
export const REST: Target = { kind: 'rest' };
export const serverTarget = (id: number): Target => ({ kind: 'server', sid: sid(id) });
export const clientTarget = (name: string): Target => ({ kind: 'client', name });

export const crash = (target: readonly Target[], more: Partial<FaultOf<'crash'>> = {}): Fault => ({
  kind: 'crash',
  target,
  lose: 'none',
  silent: false,
  restartAfterMs: undefined,
  after: undefined,
  forGood: false,
  ...more,
});

export const restart = (target: readonly Target[]): Fault => ({ kind: 'restart', target });
export const pause = (target: readonly Target[], forMs?: number): Stroke => ({
  fault: { kind: 'pause', target },
  forMs,
});
export const resume = (target: readonly Target[]): Fault => ({ kind: 'resume', target });

export const partition = (
  groups: readonly (readonly Target[])[],
  more: { readonly oneWay?: boolean; readonly forMs?: number } = {},
): Stroke => ({
  fault: { kind: 'partition', groups, oneWay: more.oneWay ?? false },
  forMs: more.forMs,
});

export const isolate = (target: readonly Target[], forMs?: number): Stroke => ({
  fault: { kind: 'isolate', target },
  forMs,
});

export const HEAL: Fault = { kind: 'heal' };

export const slowLink = (
  between: readonly [readonly Target[], readonly Target[]],
  ms: number,
  forMs?: number,
): Stroke => ({
  fault: { kind: 'link', between, oneWay: false, change: { latency: constant(ms) } },
  forMs,
});

export const disconnect = (between: readonly [readonly Target[], readonly Target[]]): Fault => ({
  kind: 'disconnect',
  between,
  told: 'both',
});

export const slowDisk = (target: readonly Target[], ms: number, forMs?: number): Stroke => ({
  fault: { kind: 'slowDisk', target, fsync: constant(ms), throughput: undefined },
  forMs,
});

/** What is not named does not change. */
export const clock = (
  target: readonly Target[],
  change: { readonly stepMs?: number; readonly driftPpm?: number; readonly freeze?: 'wall' | 'both' },
  forMs?: number,
): Stroke => ({
  fault: { kind: 'clock', target, stepMs: undefined, driftPpm: undefined, freeze: undefined, ...change },
  forMs,
});

export const slowCpu = (target: readonly Target[], ms: number, forMs?: number): Stroke => ({
  fault: { kind: 'slowCpu', target, stage: constant(ms) },
  forMs,
});

export const flood = (
  target: readonly Target[],
  connections: number,
  more: { readonly sessions?: boolean; readonly forMs?: number } = {},
): Stroke => ({
  fault: { kind: 'flood', target, connections, sessions: more.sessions ?? false },
  forMs: more.forMs,
});

export const expire = (target: readonly Target[], more: Partial<FaultOf<'expire'>> = {}): Fault => ({
  kind: 'expire',
  target,
  ...more,
});

export function entryOf(trigger: Trigger, what: Fault | Stroke, text?: string): TimelineEntry {
  const { fault, forMs } = strokeOf(what);
  const ending = forMs === undefined ? undefined : ({ kind: 'for', ms: forMs } as const);
  return { trigger, fault, ending, text: text ?? fault.kind, source: 'test' };
}

export const at = (atMs: number, what: Fault | Stroke, text?: string): TimelineEntry =>
  entryOf({ kind: 'at', atMs }, what, text);

/** By default the first event of its kind, on whomever, strikes at once. */
export const when = (event: TraceEventType, what: Fault | Stroke, more: Partial<When> = {}): TimelineEntry =>
  entryOf(
    {
      kind: 'when',
      event,
      fields: {},
      on: undefined,
      count: 1,
      afterMs: 0,
      delayMs: 0,
      afterPrevious: false,
      ...more,
    },
    what,
  );
