import { connectionId, type ConnectionId } from './ids.ts';
import type { Channel, Host } from './host.ts';
import type { Packet } from './packets.ts';

/** One end of a connection, as the part of the server that uses it sees it. */
export interface ConnectionUser {
  onConnected?(): void;
  onConnectFailed?(): void;
  onPacket(packet: Packet): void;
  onWritable?(): void;
  onClosed(): void;
}

/**
 * Which part of a process uses which connection. The host speaks of connections by number; here each number leads to its
 * user, and a connection that nobody uses any more leads nowhere.
 */
export class Connections {
  readonly #host: Host;
  readonly #users = new Map<ConnectionId, ConnectionUser>();
  #lastDialled = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  dial(address: string, channel: Channel, timeoutMs: number, user: ConnectionUser): ConnectionId {
    const connection = connectionId(++this.#lastDialled);
    this.#users.set(connection, user);
    this.#host.connect(connection, address, channel, timeoutMs);
    return connection;
  }

  adopt(connection: ConnectionId, user: ConnectionUser): void {
    this.#users.set(connection, user);
  }

  userOf(connection: ConnectionId): ConnectionUser | undefined {
    return this.#users.get(connection);
  }

  close(connection: ConnectionId): void {
    if (this.#users.delete(connection)) this.#host.close(connection);
  }

  onConnectFailed(connection: ConnectionId): void {
    const user = this.#users.get(connection);
    this.#users.delete(connection);
    user?.onConnectFailed?.();
  }

  onClosed(connection: ConnectionId): void {
    const user = this.#users.get(connection);
    this.#users.delete(connection);
    user?.onClosed();
  }
}
