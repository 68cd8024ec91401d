import { describe, expect, it } from 'vitest';
import { ClientDriver } from '../support/client-driver.ts';
import { PING_XID } from '../../protocol/client-packets.ts';

/** Lets time pass; the server answers each ping after `delayMs`. Returns when pings were sent. */
function pingTimes(driver: ClientDriver, forMs: number, delayMs: number): number[] {
  const times: number[] = [];
  driver.take();
  for (let passed = 0; passed < forMs; passed++) {
    driver.advance(1);
    if (driver.requests.some(([xid]) => xid === PING_XID)) times.push(driver.host.elapsedMs);
    driver.take();
    if (times.some((at) => at + delayMs === driver.host.elapsedMs)) driver.reply(PING_XID, 0);
  }
  return times;
}

describe('an idle client', () => {
  it('pings a third of the session timeout after it last sent something', () => {
    expect(pingTimes(new ClientDriver().establish(), 10_000, 2)).toEqual([3000, 6000, 9000]);
  });

  it('pings a second earlier when something woke it after more than a second', () => {
    const driver = new ClientDriver().establish();
    driver.advance(1500).event('NodeCreated', '/a', 5);
    expect(pingTimes(driver, 4000, 2)).toEqual([2000, 5000]);
  });

  it('pings by its negotiated timeout, not by the one it asked for', () => {
    const driver = new ClientDriver({ sessionTimeoutMs: 90_000 }).establish(6000);
    expect(pingTimes(driver, 5000, 2)).toEqual([2000, 4000]);
  });

  it('pings at once when it is woken after more than ten seconds', () => {
    const driver = new ClientDriver({ sessionTimeoutMs: 90_000 }).establish(90_000);
    driver.advance(10_001).take();
    driver.event('NodeCreated', '/a', 5);
    expect(driver.requests).toEqual([[PING_XID, 'ping']]);
  });

  it('keeps no time of pings in its last zxid', () => {
    const driver = new ClientDriver({ random: { int: () => 0 } }).establish();
    driver.advance(3000).reply(PING_XID, 77).event('NodeCreated', '/a', 78).drop().advance(100);
    driver.take();
    driver.reach();
    expect(driver.host.sent).toMatchObject([{ type: 'connectRequest', lastZxidSeen: 0 }]);
  });
});

describe('a busy client', () => {
  it('sends no pings, and sets hardly any timers', () => {
    const driver = new ClientDriver().establish();
    for (let xid = 1; xid <= 1000; xid++) {
      driver.submit({ op: 'sync', path: '/' }).advance(5).reply(xid, xid).advance(5);
    }
    expect(driver.requests.filter(([xid]) => xid === PING_XID)).toEqual([]);
    expect(driver.host.effects.filter(([effect]) => effect === 'setTimer').length).toBeLessThan(10);
  });
});

describe('a silent server', () => {
  it('is given up after two thirds of the session timeout, pings or not', () => {
    const driver = new ClientDriver().establish();
    driver.advance(5999);
    expect(driver.requests).toEqual([[PING_XID, 'ping']]);
    expect(driver.client.state).toBe('CONNECTED');
    driver.advance(1);
    expect(driver.client.state).toBe('CONNECTING');
    expect(driver.take()).toContainEqual(['close', 1]);
  });

  it('is not silent as long as anything is heard', () => {
    const driver = new ClientDriver().establish();
    for (let events = 0; events < 5; events++) driver.advance(5000).event('NodeCreated', '/a', 5);
    expect(driver.client.state).toBe('CONNECTED');
  });
});
