import type { TimelineEntry } from '../../sim/fault-plan.ts';
import { isChained } from '../../sim/faults/chain.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import { earliestTimes } from './earliest.ts';
import type { Report } from './report.ts';

/** Refuses what waits so long, for an event or for the entries above it, that the story is over by then. */
export function checkInTime(timeline: readonly TimelineEntry[], durationMs: number, report: Report): void {
  const times = earliestTimes(timeline);
  for (const [index, { trigger }] of timeline.entries()) {
    const [aboveMs = 0, earliestMs = 0] = [times[index - 1], times[index]];
    const { kind } = trigger;
    if (earliestMs < durationMs || (kind !== 'when' && kind !== 'then')) continue;
    // Of a chain the first that is late says it all.
    if (isChained(trigger) && aboveMs >= durationMs) continue;
    const message = `it can't come before ${timeText(earliestMs)}, after the story's end`;
    report.vain(['timeline', index, kind], message, `less to wait for, or a duration of more than that`);
  }
}
