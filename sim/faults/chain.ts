import type { NameOf } from '../plan-text/names.ts';
import type { TimelineEntry, Trigger } from '../fault-plan.ts';
import { faultText } from './fault-text.ts';

/** It waits for the entry above it. */
export const isChained = (trigger: Trigger): boolean =>
  trigger.kind === 'then' || (trigger.kind === 'when' && trigger.afterPrevious);

/** A timeline that was put together: its first entry has none above it to wait for, and each fault is called as a scenario file says it. */
export const asTimeline = (
  entries: readonly Omit<TimelineEntry, 'text'>[],
  nameOf: NameOf,
): readonly TimelineEntry[] =>
  entries.map((entry, index) => ({
    ...entry,
    trigger: index === 0 ? unchained(entry.trigger) : entry.trigger,
    text: faultText(entry.fault, entry.ending, nameOf),
  }));

function unchained(trigger: Trigger): Trigger {
  if (trigger.kind === 'then') return { kind: 'at', atMs: trigger.delayMs };
  return trigger.kind === 'when' ? { ...trigger, afterPrevious: false } : trigger;
}
