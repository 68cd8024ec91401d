import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../../../protocol/quorum.ts';
import { FAULT_KINDS } from '../../../../sim/fault-kinds.ts';
import { PROFILE, PROFILES } from '../../../../sim/fuzz/arbitrary/profiles.ts';
import { scenarios } from '../../../../sim/fuzz/arbitrary/scenarios.ts';
import type { Fault, FaultKind, Target } from '../../../../sim/fault-plan.ts';
import type { RunPlan } from '../../../../sim/plan.ts';
import { runSimulation } from '../../../../sim/simulation.ts';
import { writeScenario } from '../../../../scenarios/write/scenario.ts';
import { loadText } from '../../../../scenarios/loader.ts';

const plansOf = (profile: (typeof PROFILES)[number], count: number): readonly RunPlan[] =>
  fc.sample(scenarios(profile), { seed: 7, numRuns: count }).map(({ plan }) => plan);

const ALL = PROFILES.flatMap((profile) => plansOf(profile, 150));
const DEFAULT = plansOf('default', 600);

/** Faults that may cost a server what it had flushed. */
const COSTLY: ReadonlySet<FaultKind> = new Set<FaultKind>(['wipe', 'copyData', 'restore', 'loseSnapshot']);
const targetsOf = (fault: Fault): readonly Target[] => ('target' in fault ? fault.target : []);

describe('drawn runs', () => {
  it('have every kind of fault, trigger and ending, but for the one that lies outside of the fault model', () => {
    const entries = DEFAULT.flatMap((plan) => plan.timeline);
    const kinds = new Set(entries.map(({ fault }) => fault.kind));
    expect(FAULT_KINDS.filter((kind) => !kinds.has(kind))).toEqual(['loseLog']);
    expect(new Set(entries.map(({ trigger }) => trigger.kind))).toEqual(
      new Set(['at', 'every', 'when', 'then']),
    );
    expect(new Set(entries.map(({ ending }) => ending?.kind))).toEqual(
      new Set(['for', 'untilEvent', 'untilNext', undefined]),
    );
  });

  it('have faults that last as long as a limit, a millisecond less and one more', () => {
    const beyond = new Set(
      DEFAULT.flatMap(({ timeline, ensemble: { syncLimit, tickTime } }) =>
        timeline.flatMap(({ ending }) => (ending?.kind === 'for' ? [ending.ms - syncLimit * tickTime] : [])),
      ),
    );
    expect([-1, 0, 1].filter((ms) => !beyond.has(ms))).toEqual([]);
  });

  it('have several faults at one moment', () => {
    const together = DEFAULT.filter(({ timeline }) =>
      timeline.some(({ trigger }) => trigger.kind === 'then' && trigger.delayMs === 0),
    );
    expect(together.length).toBeGreaterThan(DEFAULT.length / 4);
  });

  it('have one server, mostly, to which much more happens than to any other', () => {
    const strikes = DEFAULT.map(({ timeline }) =>
      timeline.flatMap(({ fault }) =>
        targetsOf(fault).flatMap((target) => (target.kind === 'server' ? [target.sid] : [])),
      ),
    ).filter((sids) => sids.length >= 4);
    const isMostlyOne = (sids: readonly number[]): boolean =>
      sids.some((one) => sids.filter((sid) => sid === one).length > (2 / 3) * sids.length);
    expect(strikes.length).toBeGreaterThan(100);
    expect(strikes.filter(isMostlyOne).length / strikes.length).toBeGreaterThan(0.6);
  });

  it('take the leader away until the others have another one', () => {
    const overthrown = plansOf('recovery', 150).filter(({ timeline }) =>
      timeline.some(
        ({ fault, ending }) =>
          fault.kind === 'partition' &&
          fault.groups[0]?.[0]?.kind === 'leader' &&
          ending?.kind === 'untilEvent' &&
          ending.event === 'established',
      ),
    );
    expect(overthrown.length).toBeGreaterThan(15);
  });

  it('take a client away while the disks of a quorum stand still', () => {
    const still = plansOf('sessions', 150).filter(({ timeline }) =>
      timeline.some(
        ({ fault }, i) =>
          fault.kind === 'stallDisk' &&
          timeline[i + 1]?.trigger.kind === 'then' &&
          timeline[i + 1]?.fault.kind === 'expire',
      ),
    );
    expect(still.length).toBeGreaterThan(15);
  });

  it('hold back a follower until a client that has to move has found another server', () => {
    const moved = plansOf('sessions', 150).filter(({ timeline }) =>
      timeline.some(
        ({ fault, ending }, i) =>
          fault.kind === 'hold' &&
          ending?.kind === 'untilEvent' &&
          ending.event === 'keeperState' &&
          timeline.slice(i + 1, i + 3).some((next) => next.fault.kind === 'disconnect'),
      ),
    );
    expect(moved.length).toBeGreaterThan(15);
  });

  it('repeat nothing that would wait for an event to end', () => {
    const repeated = PROFILES.flatMap((profile) =>
      plansOf(profile, 150).flatMap(({ timeline }) =>
        timeline.filter(({ trigger }) => trigger.kind === 'every'),
      ),
    );
    expect(repeated.length).toBeGreaterThan(100);
    for (const { ending } of repeated) expect(['for', undefined]).toContain(ending?.kind);
  });

  it('have sessions that can be opened before they expire, however far away the servers are', () => {
    const far = plansOf('sessions', 600).filter(
      ({ network: { latency } }) => latency.kind === 'logNormal' && latency.medianMs === 40,
    );
    expect(far.length).toBeGreaterThan(10);
    for (const { ensemble } of far) expect(ensemble.maxSessionTimeout).toBeGreaterThan(1000);
  });

  it('start everybody once more two seconds after all is healed, in as many of them as their profile says', () => {
    const restarted = (profile: (typeof PROFILES)[number]): number =>
      plansOf(profile, 150).filter(({ timeline, durationMs }) => {
        const [heal, restart, crash] = timeline.slice(-3);
        const times = [heal, restart, crash].map(
          (entry) => entry?.trigger.kind === 'at' && entry.trigger.atMs,
        );
        return (
          heal?.fault.kind === 'heal' &&
          restart?.fault.kind === 'restart' &&
          crash?.fault.kind === 'crash' &&
          crash.fault.restartAfterMs !== undefined &&
          JSON.stringify(times) === JSON.stringify([durationMs - 2001, durationMs - 2001, durationMs - 1])
        );
      }).length / 150;
    expect(Math.abs(restarted('recovery') - PROFILE.recovery.lastRestarts / 100)).toBeLessThan(0.1);
    expect(restarted('elections')).toBe(0);
  });

  it('cost only observers what was flushed', () => {
    for (const { timeline, ensemble } of ALL) {
      const observers = ensemble.servers.filter((server) => server.learnerType === 'OBSERVER');
      const costly = timeline.filter(({ fault }) => COSTLY.has(fault.kind));
      for (const target of costly.flatMap(({ fault }) => targetsOf(fault)))
        expect(observers.some(({ sid }) => target.kind === 'server' && target.sid === sid)).toBe(true);
    }
  });

  it('leave a quorum that nothing damages for good', () => {
    for (const { timeline, ensemble } of ALL) {
      const lost = timeline.flatMap(({ fault }) =>
        fault.kind === 'flipBit' || (fault.kind === 'crash' && fault.forGood) ? fault.target : [],
      );
      const left = ensemble.servers.filter(
        ({ sid, learnerType }) =>
          learnerType === 'PARTICIPANT' &&
          !lost.some((target) => target.kind === 'server' && target.sid === sid),
      );
      expect(createVerifier(ensemble).containsQuorum(new Set(left.map(({ sid }) => sid)))).toBe(true);
    }
  });

  it('can all be written as a scenario file that is read as the same plan', () => {
    for (const plan of ALL.filter((_, i) => i % 10 === 0)) {
      const loaded = loadText('drawn.yaml', writeScenario(plan));
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      const unsourced = loaded.plan.timeline.map((entry) => ({ ...entry, source: 'fuzz' }));
      expect({ ...loaded.plan, timeline: unsourced }).toEqual(plan);
    }
  });

  it.each(PROFILES)('of the profile %s keep every promise', (profile) => {
    const runs = fc.sample(scenarios(profile), { seed: 11, numRuns: 12 });
    const red = runs.filter(({ plan, seed }) => runSimulation(plan, seed).verdict !== 'kept');
    expect(red.map(({ seed }) => seed)).toEqual([]);
  });
});

describe('a run that fails', () => {
  it('is told by its seed and its faults, not by the whole plan', () => {
    const [run] = fc.sample(scenarios('quick'), { seed: 7, numRuns: 1 });
    const text = fc.stringify(run);
    expect(text).toMatch(/^seed \d+, \d+ servers, \d+ clients: /);
    for (const entry of run?.plan.timeline ?? []) expect(text).toContain(entry.text);
  });

  it('shrinks to few timed actions and one client', { timeout: 240_000 }, () => {
    const release = 'ZOOKEEPER-4685';
    const breaks = ({ plan, seed }: { plan: RunPlan; seed: string }): boolean =>
      runSimulation({ ...plan, release }, seed, { slices: false }).verdict === 'broken';
    const { counterexample } = fc.check(
      fc.property(scenarios('quick'), (run) => !breaks(run)),
      { seed: 4, numRuns: 500 },
    );
    const plan = counterexample?.[0].plan;
    expect(plan?.timeline.length).toBeLessThanOrEqual(4);
    expect(plan?.clients).toHaveLength(1);
  });
});
