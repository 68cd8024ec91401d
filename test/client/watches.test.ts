import { describe, expect, it } from 'vitest';
import type { ReadRequest } from '../../protocol/client-packets.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ClientDriver, SMALLEST_DRAWS } from '../support/client-driver.ts';

const watched = (op: ReadRequest['op'], path: string): ReadRequest => ({ op, path, watch: true });

describe('a watch', () => {
  it('is told to the application before the reply that follows it on the connection', () => {
    const driver = new ClientDriver().establish();
    driver.submit(watched('getData', '/a')).reply(1, makeZxid(1, 1), 0, { data: null });
    driver.submit(watched('getData', '/a')).take();
    driver.event('NodeDataChanged', '/a', makeZxid(1, 2)).reply(2, makeZxid(1, 2), 0, { data: null });
    expect(driver.host.events).toMatchObject([
      { type: 'watchEvent', eventType: 'NodeDataChanged', path: '/a', zxid: makeZxid(1, 2), watches: 1 },
      { type: 'answered', op: 2 },
    ]);
  });

  it('counts as often as it was asked for, and no more once it has fired', () => {
    const driver = new ClientDriver().establish();
    driver.submit(watched('getData', '/a'), watched('exists', '/a')).reply(1, 1).reply(2, 1).take();
    driver.event('NodeDeleted', '/a', 2).event('NodeDeleted', '/a', 2);
    expect(driver.host.events).toMatchObject([{ watches: 2 }, { watches: 0 }]);
  });

  it('is armed by the reply, so one whose request was lost waits for nothing', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    driver.submit(watched('getData', '/a')).drop().advance(100).take();
    driver.reach().grant();
    expect(driver.requests).toEqual([]);
  });
});

describe('a new connection', () => {
  const reconnected = (driver: ClientDriver): ClientDriver => {
    driver.drop().advance(100).submit({ op: 'sync', path: '/' }).take();
    return driver.reach().grant();
  };

  it('arms the watches again by kind, since the last zxid read, before anything else is sent', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    const reads = [
      watched('exists', '/missing'),
      watched('exists', '/a'),
      watched('getData', '/b'),
      watched('getChildren', '/a'),
    ];
    driver.submit(...reads);
    driver.reply(1, makeZxid(1, 1), ErrorCode.NONODE).reply(2, makeZxid(1, 1)).reply(3, makeZxid(1, 2));
    driver.reply(4, makeZxid(1, 3));
    reconnected(driver);
    expect(driver.host.sent.slice(1)).toEqual([
      {
        type: 'request',
        xid: -8,
        body: {
          op: 'setWatches',
          relativeZxid: makeZxid(1, 3),
          dataWatches: ['/a', '/b'],
          existWatches: ['/missing'],
          childWatches: ['/a'],
        },
      },
      { type: 'request', xid: 5, body: { op: 'sync', path: '/' } },
    ]);
  });

  it('takes the events that were missed before the answer to setWatches, and no answer of it for its own', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    driver.submit(watched('getData', '/a')).reply(1, makeZxid(1, 1));
    reconnected(driver).take();
    driver.event('NodeDataChanged', '/a', -1).reply(-8, makeZxid(1, 2)).reply(2, makeZxid(1, 2));
    expect(driver.host.events).toMatchObject([
      { type: 'watchEvent', path: '/a', zxid: -1, watches: 1 },
      { type: 'answered', op: 2, err: ErrorCode.OK },
    ]);
  });

  it('leaves out watches that have fired', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    driver.submit(watched('getData', '/a'), watched('getData', '/b')).reply(1, 1).reply(2, 1);
    driver.event('NodeDataChanged', '/a', 2);
    reconnected(driver);
    expect(driver.host.sent[1]).toMatchObject({ body: { dataWatches: ['/b'] } });
  });

  it('arms many watches with several requests, the last one built first', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    const paths = [1, 2, 3].map((n) => `/${n}`.padEnd(100_000, '.'));
    driver.submit(...paths.map((path) => watched('getData', path)));
    paths.forEach((_, index) => driver.reply(index + 1, makeZxid(1, 1)));
    reconnected(driver);
    expect(driver.host.sent.slice(1, 3)).toMatchObject([
      { xid: -8, body: { relativeZxid: makeZxid(1, 1), dataWatches: [paths[2]] } },
      { xid: -8, body: { relativeZxid: makeZxid(1, 1), dataWatches: [paths[0], paths[1]] } },
    ]);
    expect(driver.requests.slice(2)).toEqual([[4, 'sync']]);
  });
});
