import { describe, expect, it } from 'vitest';
import { RequestQueues } from '../../protocol/client/request-queues.ts';
import { connectionId } from '../../protocol/ids.ts';
import { DEFAULT_RELEASE, releaseWithIssue } from '../../protocol/release/release.ts';
import { recordingClientHost } from '../support/recording-host.ts';

const MAX_XID = 2 ** 31 - 1;
const CONNECTION = connectionId(1);

function xidsFrom(firstXid: number, count: number, release = DEFAULT_RELEASE): number[] {
  const host = recordingClientHost();
  const queues = new RequestQueues(firstXid, release);
  for (let op = 1; op <= count; op++) queues.add(op, { op: 'sync', path: '/' });
  queues.write(host, CONNECTION);
  return host.sent.flatMap((packet) => (packet.type === 'request' ? [packet.xid] : []));
}

describe('RequestQueues', () => {
  it('numbers requests from 1 in the order in which they are written', () => {
    expect(xidsFrom(1, 3)).toEqual([1, 2, 3]);
  });

  it('goes from the largest xid but one to 1, past every reserved one (ZOOKEEPER-3253)', () => {
    expect(xidsFrom(MAX_XID - 2, 4)).toEqual([MAX_XID - 2, MAX_XID - 1, 1, 2]);
  });

  it('counts on for ever, and its xids come round again and again', () => {
    expect(xidsFrom(2 * (MAX_XID - 1), 2)).toEqual([MAX_XID - 1, 1]);
    expect(xidsFrom(2 ** 32 - 1, 1)).toEqual([3]);
  });

  it('went on below zero before 3.5.5', () => {
    const release = releaseWithIssue('ZOOKEEPER-3253');
    expect(xidsFrom(MAX_XID, 2, release)).toEqual([MAX_XID, -MAX_XID - 1]);
    expect(xidsFrom(2 ** 32 - 2, 4, release)).toEqual([-2, -1, 0, 1]);
  });

  it('says whether anything was there to write', () => {
    const queues = new RequestQueues(1, DEFAULT_RELEASE);
    const host = recordingClientHost();
    queues.add(1, { op: 'sync', path: '/' });
    expect([queues.write(host, CONNECTION), queues.write(host, CONNECTION)]).toEqual([true, false]);
  });

  it('drains what was sent before what was not', () => {
    const queues = new RequestQueues(1, DEFAULT_RELEASE);
    queues.add(1, { op: 'sync', path: '/' });
    queues.write(recordingClientHost(), CONNECTION);
    queues.add(2, { op: 'sync', path: '/' });
    expect(queues.drain().map(({ op, xid }) => [op, xid])).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(queues.drain()).toEqual([]);
  });
});
