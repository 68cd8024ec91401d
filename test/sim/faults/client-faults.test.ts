import { describe, expect, it } from 'vitest';
import { createCheckers } from '../../../sim/checkers/index.ts';
import { FLOOD, STRANGER } from '../../../sim/party.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, crash, expire, flood, LEADER, serverTarget } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createEphemeral, createNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);
const ONE = serverTarget(1);
const MAX_SESSION_MS = 20_000;

/** Alice is at server 1, Bob at any. All promises are judged. */
class Story extends Ensemble {
  readonly #checkers;

  constructor(config: { readonly maxClientCnxns?: number } = {}) {
    const clients = [
      clientPlan('alice', SERVERS.slice(0, 1), { sessionTimeoutMs: 10_000 }),
      clientPlan('bob', SERVERS, { sessionTimeoutMs: 10_000 }),
    ];
    const limits = { tickTime: 1000, maxSessionTimeout: MAX_SESSION_MS, minSessionTimeout: 2000 };
    const plan = runPlan(ensembleOf(SERVERS, { ...limits, ...config }), { clients });
    super(plan);
    this.#checkers = createCheckers(plan);
    this.cluster.trace.addSink(this.#checkers);
    this.untilServing();
    this.connect(0);
    this.connect(1);
  }

  expectKept(): void {
    this.#checkers.finish();
    expect(this.#checkers.checkers.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  }

  /** Connections of the flood that were opened, and that have ended since. */
  get pouring(): { readonly opened: number; readonly ended: number } {
    return {
      opened: this.events('connected', FLOOD).length,
      ended: this.events('disconnected', FLOOD).length,
    };
  }

  get newSessions(): number {
    return this.events('sessionAttached').filter(({ isNew }) => isNew).length;
  }
}

describe('a flood of connections', () => {
  it('is taken up to maxClientCnxns from one host; the others are closed at once, and nobody else is shut out', () => {
    const story = new Story();
    story.strike(flood([ONE], 61));
    story.forMs(100);
    expect(story.pouring).toEqual({ opened: 61, ended: 1 });
    expect(story.request(0, createNode('/alice')).err).toBe(0);
    story.strike(flood([ONE], 5));
    story.forMs(100);
    expect(story.pouring).toEqual({ opened: 66, ended: 6 });
    story.expectKept();
  });

  it('has no limit where that is 0', () => {
    const story = new Story({ maxClientCnxns: 0 });
    story.strike(flood([ONE], 200));
    story.forMs(100);
    expect(story.pouring).toEqual({ opened: 200, ended: 0 });
  });

  it('that says nothing is closed by the server within two rounds of its expirer', () => {
    const story = new Story();
    story.strike(flood([ONE], 10));
    story.forMs(20_100);
    expect(story.pouring).toEqual({ opened: 10, ended: 10 });
    expect(story.newSessions).toBe(2);
  });

  it('makes room again when it ends', () => {
    const story = new Story();
    story.strike(flood([ONE], 60, { forMs: 1000 }));
    story.forMs(1100);
    expect(story.events('faultEnded')).toHaveLength(1);
    story.strike(flood([ONE], 60));
    story.forMs(100);
    expect(story.pouring).toEqual({ opened: 120, ended: 0 });
  });

  it('with sessions opens as many, which all expire after the longest timeout there is', () => {
    const story = new Story();
    story.strike(flood([ONE, LEADER], 50, { sessions: true }));
    story.forMs(1000);
    expect(story.newSessions).toBe(102);
    expect(story.request(1, createNode('/bob')).err).toBe(0);
    story.forMs(MAX_SESSION_MS - 2000);
    expect(story.events('sessionExpired')).toEqual([]);
    story.forMs(4000);
    const expired = story.events('sessionExpired');
    expect(expired).toHaveLength(100);
    expect(new Set(expired.map(({ timeOut }) => timeOut))).toEqual(new Set([MAX_SESSION_MS]));
    story.expectKept();
  });

  it('of a server that is down reaches nobody', () => {
    const story = new Story();
    story.strike(crash([ONE], { restartAfterMs: 5000 }));
    story.strike(flood([ONE], 10, { sessions: true, forMs: 500 }));
    story.forMs(100);
    expect(story.pouring.opened).toBe(0);
    story.until(() => story.server(1).peer?.view.isServing === true);
    story.expectKept();
  });
});

describe('an expiry by somebody else', () => {
  it('closes the session: its ephemerals go, and its client is told that it has expired', () => {
    const story = new Story();
    story.request(0, createEphemeral('/alice'));
    story.strike(expire([clientTarget('alice')]));
    story.forMs(20);
    expect(story.server(3).peer?.znode('/alice')).toBeUndefined();
    story.until(() => story.events('keeperState', -2).at(-1)?.state === 'Expired', 5000);
    expect(story.events('sessionExpired')).toEqual([]);
    expect(story.request(1, createNode('/bob')).err).toBe(0);
    story.expectKept();
  });

  it('meets requests in flight: they are answered or unknown, and none happens after the close', () => {
    const story = new Story();
    for (let i = 0; i < 20; i++) story.submit(0, createNode(`/n${i}`));
    story.strike(expire([clientTarget('alice')]));
    for (let i = 20; i < 40; i++) story.submit(0, createNode(`/n${i}`));
    story.until(() => story.events('keeperState', -2).at(-1)?.state === 'Expired', 5000);
    expect(story.events('answered', -2)).toHaveLength(40);
    story.expectKept();
  });

  it('tries one server of the client after the other', () => {
    const story = new Story();
    story.strike(crash([serverTarget(1), serverTarget(2)], { silent: true, restartAfterMs: 3000 }));
    story.untilServing();
    story.forMs(3000);
    story.strike(crash([LEADER]));
    story.until(() => story.cluster.cast.leader() !== undefined);
    story.strike(expire([clientTarget('bob')]));
    story.until(() => story.events('keeperState', -3).at(-1)?.state === 'Expired', 60_000);
    expect(story.events('connected', STRANGER)).toHaveLength(1);
    story.expectKept();
  });

  it('by a wrong password is refused, and the session goes on', () => {
    const story = new Story();
    story.request(0, createEphemeral('/alice'));
    story.strike(expire([clientTarget('alice')], { password: 'wrong' }));
    story.forMs(5000);
    const answers = story.events('delivered', STRANGER).map(({ packet }) => packet);
    expect(answers).toMatchObject([{ type: 'connectResponse', timeOut: 0 }]);
    expect(story.events('keeperState', -2).map(({ state }) => state)).not.toContain('Expired');
    expect(story.server(3).peer?.znode('/alice')).toBeDefined();
    story.expectKept();
  });

  it('strikes nobody who never had a session', () => {
    const story = new Story();
    story.strike(crash([clientTarget('bob')], { restartAfterMs: 0 }));
    story.forMs(0.5);
    story.strike(expire([clientTarget('bob'), clientTarget('alice')]));
    expect(story.events('fault').at(-1)?.struck).toEqual([-2]);
  });
});
