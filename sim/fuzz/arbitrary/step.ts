import type { TimelineEntry } from '../../plan.ts';

/** One thing that goes wrong: a fault, what sets it off and what ends it. An action of the draft is one or several of these. */
export type Step = Pick<TimelineEntry, 'trigger' | 'fault' | 'ending'>;
