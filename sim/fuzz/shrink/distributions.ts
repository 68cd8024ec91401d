import { sample } from '../../distributions.ts';
import type { Trigger } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';
import type { Distribution } from '../../world-plan.ts';
import { toMs } from '../../time.ts';
import { withActivity, withEntry } from './edit.ts';
import type { Attempt } from './passes.ts';

/** Fixed intervals instead of drawn ones; and what happens only once happens at a time. */
export function intervals(plan: () => RunPlan, attempt: Attempt): void {
  for (const [at, client] of plan().clients.entries())
    for (const [index, { repeat }] of client.activities.entries()) {
      if (repeat.kind !== 'every') continue;
      steady(repeat.interval, (interval) =>
        attempt(withActivity(plan(), at, index, (one) => ({ ...one, repeat: { ...repeat, interval } }))),
      );
    }
  for (const [index, { trigger }] of plan().timeline.entries())
    if (trigger.kind === 'every') entryIntervals(plan, attempt, index, trigger);
}

type Every = Extract<Trigger, { readonly kind: 'every' }>;

function entryIntervals(plan: () => RunPlan, attempt: Attempt, index: number, trigger: Every): void {
  const tryTrigger = (smaller: Trigger): boolean => attempt(withEntry(plan(), index, { trigger: smaller }));
  if (trigger.times > 1) {
    steady(trigger.interval, (interval) => tryTrigger({ ...trigger, interval }));
    return;
  }
  const { interval, fromMs } = trigger;
  const lengths = interval.kind === 'constant' ? [interval.ms] : lengthsOf(interval);
  for (const ms of lengths) if (tryTrigger({ kind: 'at', atMs: fromMs + ms })) return;
}

/** The first of its lengths that does, always. */
function steady(interval: Distribution, attempt: (constant: Distribution) => boolean): void {
  if (interval.kind === 'constant') return;
  for (const ms of lengthsOf(interval)) if (attempt({ kind: 'constant', ms })) return;
}

/** From the middle outwards. */
const SHARES = [0.5, 0.3, 0.7, 0.1, 0.9, 0.2, 0.8, 0.4, 0.6, 0.05, 0.95, 0.99];

/** What it draws, in whole ms. */
const lengthsOf = (distribution: Distribution): readonly number[] => [
  ...new Set(SHARES.map((share) => Math.max(1, Math.round(toMs(sample(distribution, share, 0.5)))))),
];
