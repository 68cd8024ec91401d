import { describe, expect, it } from 'vitest';
import type { ClientPlan } from '../../sim/client-plan.ts';
import type { Fault, TimelineEntry } from '../../sim/fault-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { RunResult } from '../../sim/result.ts';
import { runSimulation } from '../../sim/simulation.ts';
import { TraceRecorder } from '../../sim/trace.ts';
import { at, crash, isolate, LEADER, serverTarget } from '../support/faults.ts';
import { clientPlan, constant, ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';

const SERVERS = serverSpecs(3);

/** Writes every 50 ms. */
const writer: ClientPlan = clientPlan('alice', SERVERS, {
  startMs: 1000,
  activities: [
    {
      startMs: 1000,
      repeat: { kind: 'every', interval: constant(50), untilMs: 9000, times: Infinity },
      operation: {
        op: 'create',
        path: '/n{n}',
        data: { kind: 'none' },
        ephemeral: false,
        sequential: false,
      },
    },
  ],
});

const planOf = (timeline: readonly TimelineEntry[], more: Partial<RunPlan> = {}): RunPlan =>
  runPlan(ensembleOf(SERVERS), { clients: [writer], timeline, ...more });

const run = (timeline: readonly TimelineEntry[], more: Partial<RunPlan> = {}): RunResult =>
  runSimulation(planOf(timeline, more), '1');

const broken = ({ promises }: RunResult): readonly string[] =>
  promises.filter(({ kept }) => !kept).map(({ name }) => name);

const forGood = (...servers: readonly number[]): TimelineEntry =>
  at(5000, crash(servers.map(serverTarget), { forGood: true }), `crash: ${servers.join()}, forGood: true`);

describe('the calm of a run', () => {
  it('ends when a write has completed and every server has its tree', () => {
    const result = run([at(4000, crash([LEADER]), 'crash: leader')]);
    expect(result.verdict).toBe('kept');
    expect(result.liveness.live).toBe(true);
    expect(result.liveness.atMs).toBeGreaterThan(10_000);
    expect(result.virtualMs).toBeLessThan(20_000);
    expect(new Set(result.servers.map(({ digest }) => digest)).size).toBe(1);
  });

  it("counts none of its own requests among the clients'", () => {
    const { operations } = run([], { clients: [] });
    expect(operations).toEqual({ ok: 0, failed: 0, unknown: 0 });
  });

  it('does not fail for a fault that lasts until the very end of the story', () => {
    const { verdict, liveness } = run([at(9900, isolate([LEADER]), 'isolate: leader')]);
    expect(verdict).toBe('kept');
    expect(liveness.live).toBe(true);
  });

  it('begins nothing before the story is over', () => {
    const trace = new TraceRecorder();
    runSimulation(planOf([]), '1', { sinks: [trace] });
    const probe = trace.records.filter(({ party }) => party === -3);
    expect(probe.length).toBeGreaterThan(0);
    expect(probe.every((record) => record.at >= 10_000_000)).toBe(true);
  });

  it('is red when there is no time for it, and says who was where', () => {
    const result = run([at(9999, crash([LEADER]), 'crash: leader')], { calmMs: 0 });
    expect(result.verdict).toBe('broken');
    expect(result.liveness).toEqual({ live: false });
    const evidence = result.promises.find(({ name }) => name === 'liveness')?.evidence?.join('\n');
    expect(evidence).toMatch(/no write was answered .*\n.*\nwho was where: .*DOWN/);
  });
});

describe('servers that are lost for good', () => {
  it('are not missed while the others are a quorum', () => {
    const result = run([forGood(1)]);
    expect(result.verdict).toBe('kept');
    expect(result.liveness.live).toBe(true);
    expect(result.servers[0]?.state).toBe('DOWN');
  });

  it('excuse the run when those who are left are no quorum', () => {
    const result = run([forGood(1, 2)]);
    expect(broken(result)).toEqual([]);
    expect(result.verdict).toBe('kept');
    expect(result.liveness).toEqual({
      live: false,
      excuse: 'no quorum can start: server1 is lost for good, server2 is lost for good',
    });
    expect(result.virtualMs).toBeLessThan(30_000);
  });
});

describe('data that nobody can read', () => {
  const flip = (...servers: readonly number[]): TimelineEntry[] => [
    at(
      5000,
      { kind: 'flipBit', target: servers.map(serverTarget), where: 'log' },
      `flipBit: ${servers.join()}`,
    ),
    at(5001, crash(servers.map(serverTarget)), `crash: ${servers.join()}`),
  ];

  it('keeps a server down, and the others live', () => {
    const result = run(flip(1));
    expect(result.verdict).toBe('kept');
    expect(result.liveness.live).toBe(true);
    expect(result.servers[0]?.state).toBe('DOWN');
  });

  it('is an excuse on a majority, and costs no other promise', () => {
    const result = run(flip(1, 2));
    expect(result.verdict).toBe('kept');
    expect(broken(result)).toEqual([]);
    expect(result.outsideModel).toEqual([]);
    expect(result.liveness.excuse).toMatch(
      /^no quorum can start: server1 refuses to start \(.*\), server2 refuses/,
    );
  });
});

describe('faults beyond what ZooKeeper promises to survive', () => {
  const wipe = (ms: number, server: number): TimelineEntry => {
    const fault: Fault = { kind: 'wipe', target: [serverTarget(server)], restartAfterMs: 100 };
    return at(ms, fault, `wipe: server${server}`);
  };

  it('are named even when nothing came of them', () => {
    const result = run([wipe(5000, 1)]);
    expect(broken(result)).toEqual([]);
    expect(result.outsideModel.map(({ fault, atMs }) => [fault, atMs])).toEqual([['wipe: server1', 5000]]);
    expect(result.outsideModel[0]?.promises).toContain('nothing-committed-lost');
  });

  it('void the promises that they cost, instead of accusing the protocol', () => {
    // Who still has the data is away while the other two begin anew.
    const result = run([
      at(5000, crash([serverTarget(3)]), 'crash: server3'),
      at(5500, crash([serverTarget(1), serverTarget(2)]), 'crash: [server1, server2]'),
      wipe(5600, 1),
      wipe(5600, 2),
    ]);
    expect(broken(result)).toContain('nothing-committed-lost');
    expect(result.promises.filter(({ kept }) => !kept).map(({ voidedBy }) => voidedBy)).toEqual(
      broken(result).map(() => 'wipe: server1 at 5.600 s'),
    );
    expect(result.verdict).toBe('kept');
  });
});

describe('the faults of a result', () => {
  it('have their cause, their victims and their end', () => {
    const { faults } = run([
      at(3000, isolate([serverTarget(2)], 500), 'isolate: server2'),
      at(4000, crash([serverTarget(1)]), 'crash: server1'),
      at(5000, crash([serverTarget(1)]), 'crash: server1'),
    ]);
    expect(faults).toMatchObject([
      { text: 'isolate: server2', kind: 'isolate', atMs: 3000, endedAtMs: 3500, struck: ['server2'] },
      { text: 'crash: server1', kind: 'crash', cause: 'at 4000 ms', struck: ['server1'] },
      { text: 'crash: server1', struck: [] },
    ]);
    expect(faults[1]).not.toHaveProperty('endedAtMs');
  });
});
