import { describe, expect, it } from 'vitest';
import { ConnectionTiming } from '../../protocol/client/connection-timing.ts';

const silentSince = (sessionTimeoutMs: number): ConnectionTiming => {
  const timing = new ConnectionTiming(sessionTimeoutMs, 3);
  timing.sent(0);
  timing.heard(0);
  return timing;
};

describe('ConnectionTiming', () => {
  it.each([
    { session: 9000, connect: 3000, read: 6000, expiration: 12_000 },
    { session: 4000, connect: 1333, read: 2666, expiration: 5333 },
    { session: 40_000, connect: 13_333, read: 26_666, expiration: 53_333 },
  ])(
    'cuts a session timeout of $session ms into whole milliseconds',
    ({ session, connect, read, expiration }) => {
      const timing = silentSince(session);
      expect(timing.connectTimeoutMs).toBe(connect);
      expect(timing.connectLeftMs(100)).toBe(connect - 100);
      expect(timing.readLeftMs(100)).toBe(read - 100);
      expect(timing.expirationLeftMs(100)).toBe(expiration - 100);
    },
  );

  it.each([
    { why: 'half the read timeout after the last packet', session: 9000, now: 0, left: 3000 },
    { why: 'less what has passed', session: 9000, now: 1000, left: 2000 },
    { why: 'a second earlier once idle for more than a second', session: 9000, now: 1001, left: 999 },
    { why: 'due', session: 9000, now: 2000, left: 0 },
    { why: 'overdue', session: 9000, now: 3500, left: -1500 },
    { why: 'not yet after 10 s', session: 60_000, now: 10_000, left: 9000 },
    { why: 'at once after more than 10 s', session: 60_000, now: 10_001, left: 0 },
  ])('pings $why ($session ms, idle $now ms)', ({ session, now, left }) => {
    expect(silentSince(session).pingLeftMs(now)).toBe(left);
  });

  it('measures patience from what was heard and pings from what was sent', () => {
    const timing = silentSince(9000);
    timing.sent(500);
    timing.heard(700);
    expect([timing.readLeftMs(1000), timing.pingLeftMs(1000), timing.connectLeftMs(1000)]).toEqual([
      5700, 2500, 2500,
    ]);
  });

  it('takes over what the server has negotiated', () => {
    const timing = silentSince(9000);
    timing.negotiated(6000);
    expect([timing.connectTimeoutMs, timing.readLeftMs(0), timing.expirationLeftMs(0)]).toEqual([
      2000, 4000, 8000,
    ]);
  });
});
