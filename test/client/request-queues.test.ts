import { describe, expect, it } from 'vitest';
import { RequestQueues } from '../../protocol/client/request-queues.ts';
import { connectionId } from '../../protocol/ids.ts';
import { recordingClientHost } from '../support/recording-host.ts';

const MAX_XID = 2 ** 31 - 1;
const CONNECTION = connectionId(1);

function xidsFrom(firstXid: number, count: number): number[] {
  const host = recordingClientHost();
  const queues = new RequestQueues(firstXid);
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

  it('says whether anything was there to write', () => {
    const queues = new RequestQueues(1);
    const host = recordingClientHost();
    queues.add(1, { op: 'sync', path: '/' });
    expect([queues.write(host, CONNECTION), queues.write(host, CONNECTION)]).toEqual([true, false]);
  });

  it('drains what was sent before what was not', () => {
    const queues = new RequestQueues(1);
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
