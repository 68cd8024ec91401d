import type { FaultKind, TimelineEntry, Trigger } from '../../sim/fault-plan.ts';
import { earliestTimes } from './earliest.ts';
import type { Report } from './report.ts';

/** Faults that undo another, or use what it has kept: without one before, they do nothing. */
const PRECEDENTS: Partial<Readonly<Record<FaultKind, FaultKind>>> = { release: 'hold', restore: 'backup' };

/** Refuses a fault whose precedent can't have struck before it. */
export function checkPrecedents(timeline: readonly TimelineEntry[], report: Report): void {
  const earliest = earliestTimes(timeline);
  for (const [index, { fault, trigger }] of timeline.entries()) {
    const precedent = PRECEDENTS[fault.kind];
    const isPreceded = timeline.some(
      (other, at) => other.fault.kind === precedent && (earliest[at] ?? 0) <= latest(trigger),
    );
    if (precedent === undefined || isPreceded) continue;
    const message = `there is no \`${precedent}\` before it`;
    report.vainKey(['timeline', index, fault.kind], message, `a \`${precedent}\` at an earlier time`);
  }
}

const latest = (trigger: Trigger): number =>
  trigger.kind === 'at' ? trigger.atMs : Number.POSITIVE_INFINITY;
