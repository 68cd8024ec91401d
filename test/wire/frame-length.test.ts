import { describe, expect, it } from 'vitest';
import type { RequestBody } from '../../protocol/client-packets.ts';
import { NO_PASSWORD } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import { NO_SESSION } from '../../protocol/ids.ts';
import { frameLength, MAX_FRAME_LENGTH } from '../../protocol/wire/frame-length.ts';
import { NO_TXNS } from '../../protocol/zxid.ts';
import { bytes } from '../support/tree.ts';

const lengthOf = (body: RequestBody) => frameLength({ type: 'request', xid: 1, body });
const createV1: RequestBody = { op: 'create', path: '/v1', data: bytes('x'), acl: OPEN_ACL_UNSAFE, flags: 0 };

describe('the length of a frame', () => {
  it('of a connect request is 45 bytes', () => {
    const init = { lastZxidSeen: NO_TXNS, timeOut: 10_000, sessionId: NO_SESSION, passwd: NO_PASSWORD };
    expect(frameLength({ type: 'connectRequest', ...init })).toBe(0x2d);
  });

  const multi: RequestBody = {
    op: 'multi',
    ops: [
      { op: 'check', path: '/v1', version: 1 },
      { op: 'delete', path: '/v1', version: -1 },
    ],
  };

  it.each<[string, number, RequestBody]>([
    ['create', 0x33, createV1],
    ['exists', 0x10, { op: 'exists', path: '/v1', watch: true }],
    ['setData', 0x19, { op: 'setData', path: '/v1', data: bytes('yy'), version: -1 }],
    ['getData', 0x12, { op: 'getData', path: '/nope', watch: false }],
    ['multi', 0x39, multi],
    ['ping', 0x08, { op: 'ping' }],
    ['closeSession', 0x08, { op: 'closeSession' }],
  ])('of a %s is what was captured from a real client', (_, length, body) => {
    expect(lengthOf(body)).toBe(length);
  });

  it.each([
    ['/a', 2],
    ['/é', 3],
    ['/中', 4],
    ['/😀', 5],
    ['', 0],
  ])('counts %j as its %i UTF-8 bytes', (path, length) => {
    expect(lengthOf({ op: 'sync', path })).toBe(8 + 4 + length);
    expect(new TextEncoder().encode(path)).toHaveLength(length);
  });

  it('counts null data as nothing but its length word', () => {
    const body = { op: 'setData', path: '/a', version: 0 } as const;
    expect(lengthOf({ ...body, data: null })).toBe(lengthOf({ ...body, data: bytes('') }));
  });

  it('counts every list of setWatches', () => {
    const lists = { dataWatches: ['/a'], existWatches: [], childWatches: ['/b', '/cd'] };
    const length = lengthOf({ op: 'setWatches', relativeZxid: NO_TXNS, ...lists });
    expect(length).toBe(8 + 8 + (4 + 6) + 4 + (4 + 6 + 7));
  });

  it('reaches the limit with a megabyte less path and headers', () => {
    const setData = (size: number): RequestBody => ({
      op: 'setData',
      path: '/a',
      data: new Uint8Array(size),
      version: -1,
    });
    const room = MAX_FRAME_LENGTH - lengthOf(setData(0));
    expect(MAX_FRAME_LENGTH).toBe(1_048_575);
    expect(lengthOf(setData(room))).toBe(MAX_FRAME_LENGTH);
    expect(lengthOf(setData(room + 1))).toBeGreaterThan(MAX_FRAME_LENGTH);
  });
});
