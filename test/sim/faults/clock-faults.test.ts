import { describe, expect, it } from 'vitest';
import { createCheckers } from '../../../sim/checkers/index.ts';
import { isServer } from '../../../sim/party.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import type { ClockPlan } from '../../../sim/world-plan.ts';
import { toMs } from '../../../sim/time.ts';
import { sid } from '../../../protocol/ids.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, clock, isolate, LEADER, serverTarget } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createEphemeral, createNode, readNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);
const TICK_MS = 1000;
const TIMEOUT_MS = 10_000;
const DAY_MS = 86_400_000;

/** Alice is at server 1, a follower, and has `/alice`; Bob is at server 3, the leader. All promises are judged. */
class Story extends Ensemble {
  readonly checkers;

  constructor(clocks: readonly ClockPlan[] = [], seed = '1') {
    const clients = [
      clientPlan('alice', SERVERS.slice(0, 1), { sessionTimeoutMs: TIMEOUT_MS }),
      clientPlan('bob', SERVERS.slice(2), { sessionTimeoutMs: TIMEOUT_MS }),
    ];
    const plan: RunPlan = runPlan(ensembleOf(SERVERS, { tickTime: TICK_MS }), { clients, clocks });
    super(plan, seed);
    this.checkers = createCheckers(plan);
    this.cluster.trace.addSink(this.checkers);
    this.untilServing();
    this.connect(0);
    this.connect(1);
    this.request(0, createEphemeral('/alice'));
  }

  /** How long a session lives whose client falls silent, virtual ms. */
  lifeOfSilentSession(limitMs = 60_000): number {
    const startMs = this.nowMs;
    this.strike(isolate([clientTarget('alice')]));
    this.until(() => this.events('sessionExpired').length > 0, limitMs);
    return this.nowMs - startMs;
  }

  /** Nothing that anybody was promised is broken. */
  expectKept(): void {
    this.checkers.finish();
    const broken = this.checkers.checkers.filter(({ contradictions }) => contradictions.length > 0);
    expect(broken.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  }

  get established(): number {
    return this.events('established').length;
  }
}

describe('a step of the wall clock', () => {
  it.each([-DAY_MS, DAY_MS])('of %d ms expires nobody and deposes nobody', (stepMs) => {
    const story = new Story();
    story.strike(clock([{ kind: 'allServers' }], { stepMs }));
    story.forMs(3 * TIMEOUT_MS);
    expect(story.events('sessionExpired')).toEqual([]);
    expect(story.established).toBe(1);
    expect(story.events('keeperState').map(({ state }) => state)).toEqual(['SyncConnected', 'SyncConnected']);
    story.expectKept();
  });

  it('shows in the times of znodes, as the leader stamps them', () => {
    const story = new Story();
    const ctime = (path: string): number => story.request(1, readNode(path)).body?.stat?.ctime ?? 0;
    story.request(1, createNode('/before'));
    story.strike(clock([LEADER], { stepMs: -DAY_MS }));
    story.request(1, createNode('/after'));
    expect(ctime('/after') - ctime('/before')).toBeLessThan(1000 - DAY_MS);
    story.strike(clock([serverTarget(1)], { stepMs: DAY_MS }));
    story.request(0, createNode('/by-the-leader'));
    story.forMs(10);
    expect(ctime('/by-the-leader') - ctime('/after')).toBeLessThan(1000);
    story.expectKept();
  });

  it('is for ever: the fault is over at once', () => {
    const story = new Story();
    story.strike(clock([LEADER], { stepMs: 5000 }, 1000));
    story.forMs(2000);
    expect(story.events('faultEnded')).toEqual([]);
    expect(story.events('clockChanged')).toHaveLength(1);
  });
});

describe('a leader whose clock runs fast', () => {
  it('expires a silent session early, and is right by its own clock', () => {
    const right = new Story().lifeOfSilentSession();
    const story = new Story();
    story.strike(clock([LEADER], { driftPpm: 1_000_000 }));
    expect(story.lifeOfSilentSession()).toBeLessThan(TIMEOUT_MS * 0.6);
    expect(right).toBeGreaterThan(TIMEOUT_MS * 0.6);
    story.expectKept();
  });

  it('by a tenth loses no client that speaks', () => {
    const story = new Story([{ sid: sid(3), offsetMs: 0, driftPpm: 100_000 }]);
    story.forMs(10 * TIMEOUT_MS);
    expect(story.leader.sid).toBe(3);
    expect(story.events('sessionExpired')).toEqual([]);
    story.expectKept();
  });

  it('goes on as planned when the drift is over', () => {
    const story = new Story();
    story.strike(clock([LEADER], { driftPpm: 1_000_000 }, 2000));
    story.forMs(5000);
    expect(story.events('clockChanged').map(({ elapsedRate }) => elapsedRate)).toEqual([2, 1]);
    expect(story.lifeOfSilentSession()).toBeGreaterThan(TIMEOUT_MS * 0.6);
    story.expectKept();
  });
});

describe('a clock that stands still', () => {
  it('on the leader: it sends no pings, its followers leave, and another leads; nobody loses a session for it', () => {
    const story = new Story();
    const deposed = story.leader;
    story.strike(clock([LEADER], { freeze: 'both' }));
    story.until(() => story.established === 2, 30_000);
    expect(story.leader.sid).not.toBe(deposed.sid);
    expect(story.events('stoppedServing', 1)).toMatchObject([{ reason: 'the leader is silent' }]);
    expect(story.events('sessionExpired')).toEqual([]);
    story.expectKept();
  });

  it('on the leader, for a while: a silent session lives longer by as much', () => {
    const frozenMs = 3000;
    const story = new Story();
    story.strike(clock([LEADER], { freeze: 'both' }, frozenMs));
    const longer = story.lifeOfSilentSession() - new Story().lifeOfSilentSession();
    expect(Math.abs(longer - frozenMs)).toBeLessThan(10);
    story.expectKept();
  });

  it('in wall time alone moves nobody, and stamps every txn alike', () => {
    const story = new Story();
    story.strike(clock([LEADER], { freeze: 'wall' }));
    story.request(1, createNode('/a'));
    story.forMs(20_000);
    story.request(1, createNode('/b'));
    const [a, b] = story.events('proposed').slice(-2);
    expect(b?.txn.time).toBe(a?.txn.time);
    expect(story.established).toBe(1);
    expect(story.events('sessionExpired')).toEqual([]);
    story.expectKept();
  });

  it('runs again when the last of two such faults is over', () => {
    const story = new Story();
    story.strike(clock([serverTarget(1)], { freeze: 'wall' }, 3000));
    story.strike(clock([serverTarget(1)], { freeze: 'both' }, 1000));
    story.forMs(4000);
    const rates = story.events('clockChanged').map(({ elapsedRate, wallRate }) => [elapsedRate, wallRate]);
    expect(rates).toEqual([
      [1, 0],
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
  });
});

describe('clocks that are off from the beginning', () => {
  const OFF: readonly ClockPlan[] = [
    { sid: sid(1), offsetMs: -DAY_MS, driftPpm: 500 },
    { sid: sid(3), offsetMs: 3000, driftPpm: -200 },
  ];

  it('are told once, before the server starts; who is right says nothing', () => {
    const story = new Story(OFF);
    const told = story.all.filter(({ event }) => event.type === 'clockChanged');
    expect(told.map(({ party }) => party)).toEqual([1, 3]);
    expect(told[1]?.event).toMatchObject({ elapsedRate: 0.9998, wallRate: 0.9998 });
    const first = story.all.filter(({ party }) => isServer(party)).slice(0, 2);
    expect(first.map(({ event }) => event.type)).toEqual(['clockChanged', 'started']);
    story.expectKept();
  });

  it('tell times to the microsecond', () => {
    const story = new Story(OFF);
    story.strike(clock([serverTarget(2)], { stepMs: 0.5 }));
    const { at, event } = story.records('clockChanged', 2)[0] ?? { at: 0, event: undefined };
    expect(event?.wallMs).toBeCloseTo(1_767_225_600_000.5 + toMs(at), 3);
  });

  it('change nothing that anybody is promised', () => {
    const story = new Story(OFF);
    story.forMs(5 * TIMEOUT_MS);
    expect(story.lifeOfSilentSession()).toBeGreaterThan(TIMEOUT_MS * 0.6);
    story.expectKept();
  });
});

it('has no hold on clients: a clock fault strikes servers', () => {
  const story = new Story();
  story.strike(clock([clientTarget('alice'), serverTarget(2)], { stepMs: 1000 }));
  expect(story.events('fault').at(-1)?.struck).toEqual([2]);
});
