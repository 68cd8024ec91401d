import { defined } from '../../protocol/assert.ts';
import {
  NO_PASSWORD,
  type Password,
  type RequestBody,
  type ServerPacket,
} from '../../protocol/client-packets.ts';
import { clientAddress } from '../../protocol/config.ts';
import { type ConnectionId, connectionId, NO_SESSION, type SessionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Endpoint } from '../../sim/network/endpoint.ts';
import { clientParty } from '../../sim/party.ts';
import type { Ensemble } from './ensemble.ts';

/** Who asks for a session: by default, for a new one. */
export interface Introduction {
  readonly sessionId?: SessionId;
  readonly passwd?: Password;
  readonly lastZxidSeen?: Zxid;
  readonly timeOut?: number;
}

type ConnectResponse = Extract<ServerPacket, { type: 'connectResponse' }>;
type Reply = Extract<ServerPacket, { type: 'reply' }>;

/** One end of a connection to a server's client port, without the client library: it says exactly what a test lets it say. */
export class RawConnection {
  readonly id: ConnectionId;
  readonly received: Packet[] = [];
  isOpen = false;
  isClosed = false;
  readonly #client: RawClient;

  constructor(client: RawClient, id: ConnectionId) {
    this.#client = client;
    this.id = id;
  }

  get response(): ConnectResponse | undefined {
    return this.received.find((packet) => packet.type === 'connectResponse');
  }

  get replies(): readonly Reply[] {
    return this.received.filter((packet) => packet.type === 'reply');
  }

  send(xid: number, body: RequestBody): void {
    this.#client.send(this.id, { type: 'request', xid, body });
  }
}

/** A machine with any number of such connections. */
export class RawClient implements Endpoint {
  readonly party = clientParty(90);
  readonly host = 'raw';
  readonly #ensemble: Ensemble;
  readonly #connections = new Map<ConnectionId, RawConnection>();

  constructor(ensemble: Ensemble) {
    this.#ensemble = ensemble;
    ensemble.cluster.network.attach(this);
  }

  /** Dials a server, introduces itself, and waits until it is answered or turned away. */
  introduce(server: number, introduction: Introduction = {}): RawConnection {
    const connection = this.#dial(server);
    this.#ensemble.until(() => connection.isOpen);
    this.send(connection.id, {
      type: 'connectRequest',
      lastZxidSeen: NO_TXNS,
      timeOut: 30_000,
      sessionId: NO_SESSION,
      passwd: NO_PASSWORD,
      ...introduction,
    });
    this.#ensemble.until(() => connection.response !== undefined || connection.isClosed);
    return connection;
  }

  send(connection: ConnectionId, packet: Packet): void {
    this.#ensemble.cluster.network.send(this, connection, packet);
  }

  #dial(server: number): RawConnection {
    const { network, plan } = this.#ensemble.cluster;
    const spec = defined(
      plan.ensemble.servers.find((candidate) => candidate.sid === server),
      `server ${server}`,
    );
    const connection = new RawConnection(this, connectionId(this.#connections.size + 1));
    this.#connections.set(connection.id, connection);
    network.connect(this, connection.id, clientAddress(spec), 'client', 5000);
    return connection;
  }

  onAccept(): void {
    // Nobody dials a client.
  }
  onWritable(): void {
    // Never asked for.
  }
  onConnected(connection: ConnectionId): void {
    this.#of(connection).isOpen = true;
  }
  onConnectFailed(connection: ConnectionId): void {
    this.#of(connection).isClosed = true;
  }
  onPacket(connection: ConnectionId, packet: Packet): void {
    this.#of(connection).received.push(packet);
  }
  onClosed(connection: ConnectionId): void {
    this.#of(connection).isClosed = true;
  }

  #of(connection: ConnectionId): RawConnection {
    return defined(this.#connections.get(connection), `connection ${connection}`);
  }
}
