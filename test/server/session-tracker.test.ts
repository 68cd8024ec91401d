import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../protocol/errors.ts';
import { connectionId, sessionId, type SessionId } from '../../protocol/ids.ts';
import { DEFAULT_RELEASE, releaseWithIssue } from '../../protocol/release/release.ts';
import { LeaderSessionTracker, LearnerSessionTracker } from '../../protocol/server/session-tracker.ts';
import { Timers } from '../../protocol/timers.ts';
import { recordingServerHost } from '../support/recording-host.ts';
import { ALICE, BOB } from '../support/tree.ts';

const TICK_MS = 2000;
const [HERE, THERE] = [connectionId(0), connectionId(-5)];

class Bench {
  readonly host = recordingServerHost();
  readonly timers = new Timers(this.host);
  /** `[session, at]` of each expiry. */
  readonly expired: (readonly [SessionId, number])[] = [];
  readonly tracker: LeaderSessionTracker;

  constructor(
    startMs = 0,
    sessionsWithTimeouts: ReadonlyMap<SessionId, number> = new Map(),
    release = DEFAULT_RELEASE,
  ) {
    this.host.elapsedMs = startMs;
    this.tracker = new LeaderSessionTracker({
      host: this.host,
      timers: this.timers,
      tickMs: TICK_MS,
      sessionsWithTimeouts,
      onExpired: (id) => void this.expired.push([id, this.host.elapsedMs]),
      release,
    });
  }

  advance(ms: number): void {
    this.host.advance(ms, this.timers);
  }
}

describe('a session that is silent', () => {
  it.each([
    [0, 4000, 6000],
    [1, 4000, 6000],
    [1999, 4000, 6000],
    [2000, 4000, 8000],
    [500, 3000, 4000],
    [1500, 3000, 6000],
  ])('from %d ms on, with a timeout of %d ms, expires at %d ms', (silentFrom, timeOut, expiresAt) => {
    const bench = new Bench();
    bench.advance(silentFrom);
    bench.tracker.trackSession(ALICE, timeOut);
    bench.advance(60_000);
    expect(bench.expired).toEqual([[ALICE, expiresAt]]);
  });

  it('expires after its timeout and within one tick of it', () => {
    const moments = {
      startMs: fc.nat(10_000),
      afterMs: fc.nat(10_000),
      timeOut: fc.integer({ min: 1, max: 40_000 }),
    };
    fc.assert(
      fc.property(fc.record(moments), ({ startMs, afterMs, timeOut }) => {
        const bench = new Bench(startMs);
        bench.advance(afterMs);
        bench.tracker.trackSession(ALICE, timeOut);
        bench.advance(60_000);
        const silence = (bench.expired[0]?.[1] ?? 0) - startMs - afterMs;
        expect(bench.expired).toHaveLength(1);
        expect(silence).toBeGreaterThan(timeOut);
        expect(silence).toBeLessThanOrEqual(timeOut + TICK_MS);
      }),
    );
  });

  it('expires by the monotonic clock, whatever the wall clock does (ZOOKEEPER-1366)', () => {
    const bench = new Bench();
    bench.tracker.trackSession(ALICE, 4000);
    bench.host.wallMs += 1e9;
    bench.advance(5999);
    expect(bench.expired).toEqual([]);
    bench.host.wallMs -= 2e9;
    bench.advance(1);
    expect(bench.expired).toHaveLength(1);
  });

  it('expired by the wall clock before 3.4.11: early when it was set ahead, late when it was set back', () => {
    const release = releaseWithIssue('ZOOKEEPER-1366');
    const [ahead, back] = [new Bench(0, new Map(), release), new Bench(0, new Map(), release)];
    for (const { tracker } of [ahead, back]) tracker.trackSession(ALICE, 4000);
    ahead.host.wallMs += 60_000;
    ahead.advance(TICK_MS);
    expect(ahead.expired).toEqual([[ALICE, TICK_MS]]);
    back.host.wallMs -= 60_000;
    back.advance(65_999);
    expect(back.expired).toEqual([]);
    back.advance(1);
    expect(back.expired).toEqual([[ALICE, 66_000]]);
  });

  it('expires once, together with others of its bucket, in the order in which they were last heard', () => {
    const bench = new Bench();
    bench.tracker.trackSession(ALICE, 4000);
    bench.tracker.trackSession(BOB, 4500);
    bench.tracker.touchSession(ALICE, 2000);
    bench.tracker.touchSession(ALICE, 4000);
    bench.advance(60_000);
    expect(bench.expired).toEqual([
      [BOB, 6000],
      [ALICE, 6000],
    ]);
  });

  it('and others are expired one after the other when the leader had stood still', () => {
    const bench = new Bench();
    bench.tracker.trackSession(ALICE, 2000);
    bench.tracker.trackSession(BOB, 6000);
    bench.host.elapsedMs = 30_000;
    bench.timers.onTimer('sessions/expiry');
    bench.advance(0);
    expect(bench.expired).toEqual([
      [ALICE, 30_000],
      [BOB, 30_000],
    ]);
  });
});

describe('a session that is heard', () => {
  it('lives on, with the timeout of whoever is heard', () => {
    const bench = new Bench();
    bench.tracker.trackSession(ALICE, 4000);
    for (let i = 0; i < 10; i++) {
      bench.advance(3000);
      expect(bench.tracker.touchSession(ALICE, 4000)).toBe(true);
    }
    bench.tracker.touchSession(ALICE, 20_000);
    bench.advance(20_000);
    expect(bench.expired).toEqual([]);
    bench.advance(2000);
    expect(bench.expired).toHaveLength(1);
  });

  it('is unknown before it is tracked and after it is removed', () => {
    const bench = new Bench();
    expect(bench.tracker.touchSession(ALICE, 4000)).toBe(false);
    bench.tracker.trackSession(ALICE, 4000);
    bench.tracker.removeSession(ALICE);
    expect(bench.tracker.touchSession(ALICE, 4000)).toBe(false);
    bench.advance(60_000);
    expect(bench.expired).toEqual([]);
  });
});

describe('a session that is closing (ZOOKEEPER-1208)', () => {
  it.each([
    ['because it expired', (bench: Bench): void => bench.advance(10_000)],
    ['because its client closed it', (bench: Bench): void => bench.tracker.setSessionClosing(ALICE)],
  ])('%s refuses requests, and is not expired again', (_, close) => {
    const bench = new Bench();
    bench.tracker.trackSession(ALICE, 4000);
    close(bench);
    const before = bench.expired.length;
    expect(bench.tracker.touchSession(ALICE, 4000)).toBe(false);
    expect(bench.tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.SESSIONEXPIRED);
    bench.tracker.trackSession(ALICE, 4000);
    expect(bench.tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.SESSIONEXPIRED);
    bench.advance(60_000);
    expect(bench.expired).toHaveLength(before);
  });

  it('was served before 3.3.4, if its client had closed it', () => {
    const bench = new Bench(0, new Map([[ALICE, 4000]]), releaseWithIssue('ZOOKEEPER-1208'));
    bench.tracker.setSessionClosing(ALICE);
    expect(bench.tracker.touchSession(ALICE, 4000)).toBe(true);
    expect(bench.tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.OK);
    bench.advance(10_000);
    expect(bench.tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.SESSIONEXPIRED);
  });

  it('came back before 3.4.4, if it had expired and its createSession was committed after that', () => {
    const bench = new Bench(0, new Map([[ALICE, 4000]]), releaseWithIssue('ZOOKEEPER-1496'));
    bench.advance(10_000);
    expect(bench.tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.SESSIONEXPIRED);
    bench.tracker.trackSession(ALICE, 4000);
    expect(bench.tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.OK);
  });
});

describe('a new leader', () => {
  it('gives every session a whole timeout from its own start', () => {
    const sessions = new Map([
      [ALICE, 4000],
      [BOB, 10_000],
    ]);
    const bench = new Bench(101_000, sessions);
    bench.advance(60_000);
    expect(bench.expired).toEqual([
      [ALICE, 106_000],
      [BOB, 112_000],
    ]);
  });

  it('expires nobody any more once it has stopped', () => {
    const bench = new Bench(0, new Map([[ALICE, 4000]]));
    bench.tracker.stop();
    bench.advance(60_000);
    expect([bench.expired, bench.host.timers.size]).toEqual([[], 0]);
  });
});

describe('the owner of a session', () => {
  const tracked = (): Bench => {
    const bench = new Bench();
    bench.tracker.trackSession(ALICE, 4000);
    return bench;
  };

  it('is the first who asks', () => {
    const { tracker } = tracked();
    expect(tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.OK);
    expect(tracker.checkSession(ALICE, THERE)).toBe(ErrorCode.SESSIONMOVED);
    expect(tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.OK);
  });

  it('is whom the session moved to', () => {
    const { tracker } = tracked();
    tracker.checkSession(ALICE, HERE);
    tracker.setOwner(ALICE, THERE);
    expect(tracker.checkSession(ALICE, THERE)).toBe(ErrorCode.OK);
    expect(tracker.checkSession(ALICE, HERE)).toBe(ErrorCode.SESSIONMOVED);
  });

  it('does not matter for expiry, which comes through nobody', () => {
    const { tracker } = tracked();
    tracker.checkSession(ALICE, HERE);
    expect(tracker.checkSession(ALICE, undefined)).toBe(ErrorCode.OK);
  });

  it('is nobody for a session that is unknown', () => {
    const { tracker } = tracked();
    tracker.setOwner(BOB, HERE);
    expect(tracker.checkSession(BOB, HERE)).toBe(ErrorCode.SESSIONEXPIRED);
  });
});

describe('a learner', () => {
  it('remembers whom it heard from until it is asked, each with the last timeout', () => {
    const tracker = new LearnerSessionTracker();
    expect(tracker.touchSession(sessionId('0x77'), 1000)).toBe(true);
    tracker.touchSession(ALICE, 4000);
    tracker.touchSession(BOB, 4000);
    tracker.touchSession(ALICE, 6000);
    tracker.removeSession(BOB);
    expect(tracker.snapshot()).toEqual([
      { sessionId: '0x77', timeOut: 1000 },
      { sessionId: ALICE, timeOut: 6000 },
    ]);
    expect(tracker.snapshot()).toEqual([]);
  });
});
