import { describe, expect, it } from 'vitest';
import { Connections, type ConnectionUser } from '../../protocol/connections.ts';
import { connectionId } from '../../protocol/ids.ts';
import { recordingServerHost } from '../support/recording-host.ts';

const bench = () => {
  const host = recordingServerHost();
  const told: string[] = [];
  const user: ConnectionUser = {
    onConnectFailed: () => void told.push('failed'),
    onPacket: (packet) => void told.push(packet.type),
    onClosed: () => void told.push('closed'),
  };
  return { host, connections: new Connections(host), told, user };
};

describe('connections', () => {
  it('that are dialled are numbered from 1', () => {
    const { host, connections, user } = bench();
    expect([1, 2].map(() => connections.dial('server2:3888', 'election', 5000, user))).toEqual([1, 2]);
    expect(host.take()).toEqual([1, 2].map((id) => ['connect', id, 'server2:3888', 'election', 5000]));
  });

  it('lead to whoever uses them', () => {
    const { connections, told, user } = bench();
    connections.adopt(connectionId(-1), user);
    connections.userOf(connectionId(-1))?.onPacket({ type: 'UPTODATE' });
    expect([told, connections.userOf(connectionId(-2))]).toEqual([['UPTODATE'], undefined]);
  });

  it('may change hands', () => {
    const { connections, told, user } = bench();
    const other = bench();
    connections.adopt(connectionId(-1), user);
    connections.adopt(connectionId(-1), other.user);
    connections.onClosed(connectionId(-1));
    expect([told, other.told]).toEqual([[], ['closed']]);
  });

  it.each([
    ['closed', (connections: Connections) => connections.onClosed(connectionId(1))],
    ['failed', (connections: Connections) => connections.onConnectFailed(connectionId(1))],
  ])('that have %s are told once, and nobody closes them again', (what, end) => {
    const { host, connections, told, user } = bench();
    connections.dial('server2:3888', 'election', 5000, user);
    host.take();
    end(connections);
    end(connections);
    connections.close(connectionId(1));
    expect([told, host.take()]).toEqual([[what], []]);
  });

  it('that this end closes are not heard of any more', () => {
    const { host, connections, told, user } = bench();
    const connection = connections.dial('server2:3888', 'election', 5000, user);
    connections.close(connection);
    connections.onClosed(connection);
    expect([told, connections.userOf(connection)]).toEqual([[], undefined]);
    expect(host.take().at(-1)).toEqual(['close', connection]);
  });
});
