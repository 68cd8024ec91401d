import type { Password } from '../../protocol/client-packets.ts';
import { type ConnectionId, connectionId, type SessionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import { NO_TXNS } from '../../protocol/zxid.ts';
import type { Endpoint } from '../network/endpoint.ts';
import type { Network } from '../network/network.ts';
import { STRANGER } from '../party.ts';

const DIAL_TIMEOUT_MS = 5000;

/** The session has requests of its client's by 1, 2, … */
const XID_OF_NO_CLIENT = 0;

/** A session, and the servers at which it has not been tried yet. */
interface Errand {
  readonly session: { readonly sessionId: SessionId; readonly passwd: Password };
  /** What the client itself asks for, ms: a shorter one would let the session expire sooner, should the errand fail half-way. */
  readonly timeOut: number;
  readonly servers: readonly string[];
}

/**
 * Somebody who knows the id and password of another client's session, takes it up and closes it: how applications test their handling of
 * an expiry. Each server is tried once, until one has answered.
 */
export class Stranger implements Endpoint {
  readonly party = STRANGER;
  readonly host = 'stranger';
  readonly #network: Network;
  readonly #errands = new Map<ConnectionId, Errand>();
  #dialled = 0;

  constructor(network: Network) {
    this.#network = network;
    network.attach(this);
  }

  close(errand: Errand): void {
    const [server, ...servers] = errand.servers;
    if (server === undefined) return;
    const connection = connectionId(++this.#dialled);
    this.#errands.set(connection, { ...errand, servers });
    this.#network.connect(this, connection, server, 'client', DIAL_TIMEOUT_MS);
  }

  onConnected(connection: ConnectionId): void {
    const errand = this.#errands.get(connection);
    if (errand === undefined) return;
    this.#network.send(this, connection, {
      type: 'connectRequest',
      lastZxidSeen: NO_TXNS,
      timeOut: errand.timeOut,
      ...errand.session,
    });
  }

  onPacket(connection: ConnectionId, packet: Packet): void {
    if (packet.type === 'connectResponse' && packet.timeOut > 0) {
      const body = { op: 'closeSession' } as const;
      this.#network.send(this, connection, { type: 'request', xid: XID_OF_NO_CLIENT, body });
      return;
    }
    // Closed now, or it was gone already.
    this.#errands.delete(connection);
    this.#network.close(this, connection);
  }

  onConnectFailed(connection: ConnectionId): void {
    this.#tryNext(connection);
  }

  onClosed(connection: ConnectionId): void {
    this.#tryNext(connection);
  }

  onAccept(connection: ConnectionId): void {
    this.#network.close(this, connection);
  }

  onWritable(): void {
    // Never asked for.
  }

  #tryNext(connection: ConnectionId): void {
    const errand = this.#errands.get(connection);
    this.#errands.delete(connection);
    if (errand !== undefined) this.close(errand);
  }
}
