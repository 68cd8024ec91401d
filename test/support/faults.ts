import { sid } from '../../protocol/ids.ts';
import type { Fault, Target, TimelineEntry, Trigger } from '../../sim/plan.ts';
import type { TraceEventType } from '../../sim/trace-events.ts';

/** Faults and timeline entries with their defaults filled in. */
type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;
type When = Extract<Trigger, { kind: 'when' }>;

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
  ...more,
});

export const restart = (target: readonly Target[]): Fault => ({ kind: 'restart', target });
export const pause = (target: readonly Target[], forMs?: number): Fault => ({ kind: 'pause', target, forMs });
export const resume = (target: readonly Target[]): Fault => ({ kind: 'resume', target });

export const partition = (
  groups: readonly (readonly Target[])[],
  more: Partial<FaultOf<'partition'>> = {},
): Fault => ({ kind: 'partition', groups, oneWay: false, forMs: undefined, ...more });

export const isolate = (target: readonly Target[], forMs?: number): Fault => ({
  kind: 'isolate',
  target,
  forMs,
});

export const HEAL: Fault = { kind: 'heal' };

export const slowLink = (
  between: readonly [readonly Target[], readonly Target[]],
  ms: number,
  forMs?: number,
): Fault => ({ kind: 'link', between, latency: { kind: 'constant', ms }, loss: undefined, forMs });

export const disconnect = (between: readonly [readonly Target[], readonly Target[]]): Fault => ({
  kind: 'disconnect',
  between,
});

export const slowDisk = (target: readonly Target[], ms: number, forMs?: number): Fault => ({
  kind: 'slowDisk',
  target,
  fsync: { kind: 'constant', ms },
  forMs,
});

export const entryOf = (trigger: Trigger, fault: Fault, text: string = fault.kind): TimelineEntry => ({
  trigger,
  fault,
  text,
  source: 'test',
});

export const at = (atMs: number, fault: Fault, text?: string): TimelineEntry =>
  entryOf({ kind: 'at', atMs }, fault, text);

/** By default the first event of its kind, on whomever, strikes at once. */
export const when = (event: TraceEventType, fault: Fault, more: Partial<When> = {}): TimelineEntry =>
  entryOf(
    { kind: 'when', event, fields: {}, on: undefined, count: 1, afterMs: 0, delayMs: 0, ...more },
    fault,
  );
