import { NO_PASSWORD } from '../../protocol/client-packets.ts';
import { type ConnectionId, connectionId, NO_SESSION } from '../../protocol/ids.ts';
import { NO_TXNS } from '../../protocol/zxid.ts';
import type { Endpoint } from '../network/endpoint.ts';
import type { Network } from '../network/network.ts';
import { FLOOD } from '../party.ts';

const DIAL_TIMEOUT_MS = 30_000;
/** As long as the server allows. */
const LONGEST_SESSION_MS = 2 ** 31 - 1;

/** A machine that opens connections to client ports and says nothing on them, or asks each for a session and then says nothing. */
export class Flood implements Endpoint {
  readonly party = FLOOD;
  readonly host = 'flood';
  readonly #network: Network;
  /** Connections that ask for a session. */
  readonly #asking = new Set<ConnectionId>();
  #dialled = 0;

  constructor(network: Network) {
    this.#network = network;
    network.attach(this);
  }

  /** Dials `address` so many times. What breaks or is refused is not dialled again. */
  open(address: string, connections: number, sessions: boolean): readonly ConnectionId[] {
    return Array.from({ length: connections }, () => {
      const connection = connectionId(++this.#dialled);
      if (sessions) this.#asking.add(connection);
      this.#network.connect(this, connection, address, 'client', DIAL_TIMEOUT_MS);
      return connection;
    });
  }

  /** The sessions stay, until they expire. */
  close(connections: readonly ConnectionId[]): void {
    for (const connection of connections) {
      this.#asking.delete(connection);
      this.#network.close(this, connection);
    }
  }

  onConnected(connection: ConnectionId): void {
    if (!this.#asking.delete(connection)) return;
    this.#network.send(this, connection, {
      type: 'connectRequest',
      lastZxidSeen: NO_TXNS,
      timeOut: LONGEST_SESSION_MS,
      sessionId: NO_SESSION,
      passwd: NO_PASSWORD,
    });
  }

  onConnectFailed(connection: ConnectionId): void {
    this.#asking.delete(connection);
  }

  onAccept(connection: ConnectionId): void {
    this.#network.close(this, connection);
  }

  onPacket(): void {
    // Whatever the server says, it gets no answer.
  }

  onWritable(): void {
    // Never asked for.
  }

  onClosed(): void {
    // A server that has had enough of it.
  }
}
