import { describe, expect, it } from 'vitest';
import type { EventType, ReadRequest } from '../../protocol/client-packets.ts';
import { WatchRegistrations } from '../../protocol/client/watch-registrations.ts';
import { ErrorCode } from '../../protocol/errors.ts';

const read = (op: ReadRequest['op'], path = '/a', watch = true): ReadRequest => ({ op, path, watch });

const tables = (watches: WatchRegistrations): Record<string, readonly string[]> => ({
  data: watches.dataPaths,
  exist: watches.existPaths,
  child: watches.childPaths,
});

describe('WatchRegistrations', () => {
  it.each<[ReadRequest['op'], keyof typeof ErrorCode, string | undefined]>([
    ['exists', 'OK', 'data'],
    ['exists', 'NONODE', 'exist'],
    ['exists', 'NOAUTH', undefined],
    ['exists', 'CONNECTIONLOSS', undefined],
    ['getData', 'OK', 'data'],
    ['getData', 'NONODE', undefined],
    ['getChildren', 'OK', 'child'],
    ['getChildren', 'NONODE', undefined],
    ['getChildren2', 'OK', 'child'],
    ['getChildren2', 'SESSIONEXPIRED', undefined],
  ])('%s answered %s arms %s', (op, error, table) => {
    const watches = new WatchRegistrations();
    watches.register(read(op), ErrorCode[error]);
    const expected = { data: [] as string[], exist: [] as string[], child: [] as string[] };
    expect(tables(watches)).toEqual(table === undefined ? expected : { ...expected, [table]: ['/a'] });
  });

  it('arms nothing for a read without a watch', () => {
    const watches = new WatchRegistrations();
    watches.register(read('getData', '/a', false), ErrorCode.OK);
    expect(tables(watches)).toEqual({ data: [], exist: [], child: [] });
  });

  it.each<[EventType, number, string[]]>([
    ['NodeCreated', 3, ['child']],
    ['NodeDataChanged', 3, ['child']],
    ['NodeChildrenChanged', 1, ['data', 'exist']],
    ['NodeDeleted', 4, []],
  ])('%s fires %i watches and leaves %j', (eventType, fired, left) => {
    const watches = new WatchRegistrations();
    watches.register(read('exists'), ErrorCode.NONODE);
    watches.register(read('exists'), ErrorCode.OK);
    watches.register(read('getData'), ErrorCode.OK);
    watches.register(read('getChildren'), ErrorCode.OK);
    watches.register(read('getData', '/b'), ErrorCode.OK);
    expect(watches.materialize(eventType, '/a')).toBe(fired);
    const waiting = Object.entries(tables(watches)).filter(([, paths]) => paths.includes('/a'));
    expect(waiting.map(([table]) => table)).toEqual(left);
    expect(watches.dataPaths).toContain('/b');
  });

  it('fires a watch once', () => {
    const watches = new WatchRegistrations();
    watches.register(read('getData'), ErrorCode.OK);
    expect([
      watches.materialize('NodeDataChanged', '/a'),
      watches.materialize('NodeDataChanged', '/a'),
    ]).toEqual([1, 0]);
  });
});
