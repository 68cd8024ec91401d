import { describe, expect, it } from 'vitest';
import { calmFor, drawSwarm } from '../../../../sim/fuzz/swarm.ts';
import { shrinkPlan } from '../../../../sim/fuzz/shrink/shrink.ts';
import type { Activity } from '../../../../sim/client-plan.ts';
import type { Fault, TimelineEntry, Trigger } from '../../../../sim/fault-plan.ts';
import type { RunPlan } from '../../../../sim/plan.ts';

const crash = (target: Extract<Fault, { kind: 'crash' }>['target'][number]): Fault => ({
  kind: 'crash',
  target: [target],
  lose: 'none',
  silent: false,
  restartAfterMs: undefined,
  after: undefined,
  forGood: false,
});

const entry = (trigger: Trigger, fault: Fault): TimelineEntry => ({
  trigger,
  fault,
  ending: undefined,
  text: '',
  source: 'test',
});

const STORY_MS = 20_000;

/** A drawn run with this story alone. */
function story(timeline: readonly TimelineEntry[], participants = 3): RunPlan {
  const { plan } = drawSwarm('1', {
    minDurationMs: STORY_MS,
    maxDurationMs: STORY_MS,
    participants,
    observers: 0,
  });
  return { ...plan, clients: plan.clients.slice(0, 1), timeline };
}

const shrunk = (plan: RunPlan, fails: (plan: RunPlan) => boolean): RunPlan =>
  shrinkPlan({ plan, fails, hasTime: () => true }).plan;

const triggerOf = ({ timeline }: RunPlan): Trigger | undefined => timeline[0]?.trigger;

describe('what is left of a failing story', () => {
  it('has a round time, though a shorter one would do', () => {
    const isLate = (plan: RunPlan): boolean => {
      const trigger = triggerOf(plan);
      return trigger?.kind === 'at' && trigger.atMs >= 1_448;
    };
    const plan = story([entry({ kind: 'at', atMs: 7_321 }, crash({ kind: 'leader' }))]);
    expect(triggerOf(shrunk(plan, isLate))).toEqual({ kind: 'at', atMs: 1_500 });
  });

  it('strikes at a time instead of after a drawn interval', () => {
    const interval = { kind: 'exponential', minMs: 0, meanMs: 3_000 } as const;
    const every: Trigger = { kind: 'every', interval, fromMs: 2_000, untilMs: STORY_MS, times: 5 };
    const plan = story([entry(every, crash({ kind: 'leader' }))]);
    expect(triggerOf(shrunk(plan, ({ timeline }) => timeline.length > 0))?.kind).toBe('at');
  });

  it('asks again and again at fixed intervals', () => {
    const repeat = {
      kind: 'every',
      interval: { kind: 'uniform', minMs: 100, maxMs: 300 },
      untilMs: STORY_MS,
      times: 9,
    } as const;
    const asking: Activity = { startMs: 1_000, repeat, operation: { op: 'sync', path: '/' } };
    const [client] = story([]).clients;
    const plan = { ...story([]), clients: client === undefined ? [] : [{ ...client, activities: [asking] }] };
    const asksTwice = ({ clients }: RunPlan): boolean =>
      clients.some(({ activities }) => activities.some(({ repeat }) => repeat.kind === 'every'));
    const { clients } = shrunk(plan, asksTwice);
    const [left] = clients.flatMap(({ activities }) => activities);
    expect(left?.repeat).toMatchObject({ interval: { kind: 'constant', ms: 200 }, times: 2 });
  });

  it('leaves the calm as much time as its limits ask for', () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const { plan } = drawSwarm(seed);
      const { ensemble, calmMs } = shrunk(plan, () => true);
      expect(calmMs).toBe(calmFor(ensemble));
    }
  });
});

describe('a story of five servers', () => {
  const strikesLeader = ({ timeline }: RunPlan): boolean =>
    timeline.some(({ fault }) => fault.kind === 'crash' && fault.target[0]?.kind === 'leader');
  /** As if another server led three than led five. */
  const strikes = (sid: number, { timeline }: RunPlan): boolean =>
    timeline.some(
      ({ fault }) =>
        fault.kind === 'crash' && fault.target.some((one) => one.kind === 'server' && one.sid === sid),
    );
  const fails = (plan: RunPlan): boolean =>
    plan.ensemble.servers.length === 5
      ? strikesLeader(plan)
      : plan.ensemble.servers.length === 3 && strikes(2, plan);

  it('is told to three of them with other victims, where roles would strike the wrong one', () => {
    const plan = story([entry({ kind: 'at', atMs: 5_000 }, crash({ kind: 'leader' }))], 5);
    const smaller = shrunk(plan, fails);
    expect(smaller.ensemble.servers).toHaveLength(3);
    expect(strikes(2, smaller)).toBe(true);
  });

  it('stays one where three never fail', () => {
    const plan = story([entry({ kind: 'at', atMs: 5_000 }, crash({ kind: 'leader' }))], 5);
    const smaller = shrunk(plan, (one) => one.ensemble.servers.length === 5 && strikesLeader(one));
    expect(smaller.ensemble.servers).toHaveLength(5);
  });
});
