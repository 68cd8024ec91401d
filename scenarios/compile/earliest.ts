import type { TimelineEntry, Trigger } from '../../sim/fault-plan.ts';

/** When each entry can strike at the earliest, ms from the start: what hangs on the one above it never comes before that. */
export function earliestTimes(timeline: readonly Pick<TimelineEntry, 'trigger'>[]): readonly number[] {
  const times: number[] = [];
  for (const { trigger } of timeline) times.push(earliest(trigger, times.at(-1) ?? 0));
  return times;
}

function earliest(trigger: Trigger, aboveMs: number): number {
  switch (trigger.kind) {
    case 'at':
      return trigger.atMs;
    case 'every':
      return trigger.fromMs;
    case 'when':
      return (trigger.afterPrevious ? aboveMs : trigger.afterMs) + trigger.delayMs;
    case 'then':
      return aboveMs + trigger.delayMs;
  }
}
