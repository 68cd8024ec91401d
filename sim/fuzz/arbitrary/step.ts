import type { Ending, Target, TimelineEntry, Trigger } from '../../fault-plan.ts';
import type { TraceEventType } from '../../trace-events.ts';

/** One thing that goes wrong: a fault, what sets it off and what ends it. An action of the draft is one or several of these. */
export type Step = Pick<TimelineEntry, 'trigger' | 'fault' | 'ending'>;

/** So long after the step before it has struck. */
export const after = (delayMs: number): Trigger => ({ kind: 'then', delayMs });

/** Until this happens for the first time, to this one or to anybody. */
export const until = (
  event: TraceEventType,
  on?: Target,
  fields: Readonly<Record<string, string>> = {},
): Ending => ({ kind: 'untilEvent', event, fields, on, count: 1, afterMs: 0 });
