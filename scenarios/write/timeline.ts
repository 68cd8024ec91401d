import { assert } from '../../protocol/assert.ts';
import { faultText } from '../../sim/faults/fault-text.ts';
import { FOR_EVER } from '../../sim/plan-defaults.ts';
import { distributionWords } from '../../sim/plan-text/distributions.ts';
import { whenWords } from '../../sim/plan-text/events.ts';
import { type FlowMap, flowPairs } from '../../sim/plan-text/flow.ts';
import type { NameOf } from '../../sim/plan-text/names.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { Trigger } from '../../sim/fault-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { block, type Lines } from './lines.ts';

/** A line for each fault: what sets it off, then its text. */
export const timelineLines = ({ timeline, durationMs }: RunPlan, nameOf: NameOf): Lines =>
  block(
    'timeline',
    timeline.map(({ trigger, fault, ending }) => {
      // `until` next to `every` says when the fault strikes no more.
      assert(
        trigger.kind !== 'every' || (ending?.kind ?? 'for') === 'for',
        'a fault that repeats lasts `for`',
      );
      const when = flowPairs(triggerWords(trigger, durationMs, nameOf));
      return `- { ${when}, ${faultText(fault, ending, nameOf)} }`;
    }),
  );

function triggerWords(trigger: Trigger, durationMs: number, nameOf: NameOf): FlowMap {
  switch (trigger.kind) {
    case 'at':
      return { at: timeText(trigger.atMs) };
    case 'every':
      return {
        every: distributionWords(trigger.interval),
        from: trigger.fromMs === 0 ? undefined : timeText(trigger.fromMs),
        until: trigger.untilMs === durationMs ? undefined : timeText(trigger.untilMs),
        times: trigger.times === FOR_EVER ? undefined : trigger.times,
      };
    case 'then':
      return { then: timeText(trigger.delayMs) };
    case 'when':
      return {
        when: { ...whenWords(trigger, nameOf), ...(trigger.afterPrevious && { since: 'previous' }) },
        after: trigger.delayMs === 0 ? undefined : timeText(trigger.delayMs),
      };
  }
}
