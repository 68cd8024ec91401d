import { assert, defined } from '../../protocol/assert.ts';
import type { Channel } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { EventQueue } from '../event-queue.ts';
import type { Party } from '../party.ts';
import type { NetworkPlan } from '../plan.ts';
import type { Random } from '../random.ts';
import { fromMs } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { Endpoint } from './endpoint.ts';
import { Flow } from './flow.ts';
import type { LinkChange } from './link.ts';
import { Links } from './links.ts';
import { Machine } from './machine.ts';
import { Socket } from './socket.ts';
import { Transport } from './transport.ts';

/** A change of a link that is in force: give it to `clearLink`. */
export interface LinkToken {
  readonly from: Party;
  readonly to: Party;
  readonly change: LinkChange;
}

/**
 * The network (law 3): directed links between machines, and connections that live on them. Endpoints operate it and are called back
 * from the event queue only. Faults cut and change links, silence machines and reset connections.
 */
export class Network {
  readonly #queue: EventQueue;
  readonly #links: Links;
  readonly #transport: Transport;
  readonly #machines = new Map<Party, Machine>();
  readonly #listeners = new Map<string, { readonly machine: Machine; readonly channel: Channel }>();
  /** Whose address it is, listening or not: who listened there last. */
  readonly #owners = new Map<string, Machine>();

  constructor(init: { queue: EventQueue; random: Random; trace: Trace; plan: NetworkPlan }) {
    this.#queue = init.queue;
    this.#links = new Links(init.plan, init.random.key('network'));
    this.#transport = new Transport(init.queue, init.trace, (socket) => this.#isListening(socket));
  }

  /** Packets that endpoints have been given. */
  get delivered(): number {
    return this.#transport.upcalls.delivered;
  }

  /** Segments on their way from one machine to another, TCP's own included. */
  inFlight(from: Party, to: Party): number {
    return this.#links.between(from, to).inFlight;
  }

  /** Adds a machine, up and with no port open. `addresses`: those it will listen on, where its host alone does not tell. */
  attach(endpoint: Endpoint, addresses: readonly string[] = []): void {
    assert(!this.#machines.has(endpoint.party), `party ${endpoint.party} is attached already`);
    const machine = new Machine(endpoint);
    this.#machines.set(endpoint.party, machine);
    for (const address of addresses) this.#owners.set(address, machine);
  }

  // -------------------------------------------------------------------------------------------- endpoints

  /** Opens a port: whoever dials `address` is announced by onAccept. */
  listen(endpoint: Endpoint, address: string, channel: Channel): void {
    const machine = this.#machineOf(endpoint);
    const listener = this.#listeners.get(address);
    assert(listener === undefined || listener.machine === machine, `two machines listen on ${address}`);
    this.#listeners.set(address, { machine, channel });
    this.#owners.set(address, machine);
  }

  /** Closes the port. Connections that were accepted stay; those still being opened are refused. */
  unlisten(endpoint: Endpoint, address: string): void {
    if (this.#listeners.get(address)?.machine === this.#machineOf(endpoint)) this.#listeners.delete(address);
  }

  /**
   * Dials. Answered by onConnected after a round trip, or by onConnectFailed: after a round trip when nobody listens there, after
   * `timeoutMs` when nobody answers.
   */
  connect(
    endpoint: Endpoint,
    connection: ConnectionId,
    address: string,
    channel: Channel,
    timeoutMs: number,
  ): void {
    const machine = this.#machineOf(endpoint);
    assert(!machine.sockets.has(connection), `connection ${connection} is dialled twice`);
    const target = this.#resolve(address);
    assert(target !== machine, `${address} dials itself`);
    const dialling = new Socket(machine, channel, address, 'connecting');
    const accepting = new Socket(target, channel, address, 'listening');
    dialling.join(accepting, this.#flow(dialling, accepting));
    accepting.join(dialling, this.#flow(accepting, dialling));
    dialling.register(connection);
    this.#transport.dial(dialling, fromMs(timeoutMs));
  }

  /** FIFO and lossless until the connection breaks. Ignored on a connection that is closed. */
  send(endpoint: Endpoint, connection: ConnectionId, packet: Packet): void {
    const socket = this.#machineOf(endpoint).sockets.get(connection);
    if (socket !== undefined) this.#transport.send(socket, packet);
  }

  /** Answered by onWritable once the reader is near enough behind. Ignored on a connection that is closed. */
  flush(endpoint: Endpoint, connection: ConnectionId): void {
    const socket = this.#machineOf(endpoint).sockets.get(connection);
    if (socket !== undefined) this.#transport.flush(socket);
  }

  /** Nothing more is heard of it at this end. What was sent before still arrives, then the peer's onClosed. */
  close(endpoint: Endpoint, connection: ConnectionId): void {
    const socket = this.#machineOf(endpoint).sockets.get(connection);
    if (socket === undefined) return;
    socket.release();
    this.#transport.close(socket);
  }

  // -------------------------------------------------------------------------------------------- processes

  /**
   * The process died: its ports and connections go, and it is called no more. Its kernel closes the connections as `close` does;
   * `silent`: the kernel died too. Then what is on the wire still arrives, peers retransmit into the void, and dials time out.
   */
  down(endpoint: Endpoint, silent: boolean): void {
    const machine = this.#machineOf(endpoint);
    for (const [address, listener] of this.#listeners) {
      if (listener.machine === machine) this.#listeners.delete(address);
    }
    for (const socket of machine.sockets.values()) {
      socket.release();
      if (silent) this.#transport.forget(socket);
      else this.#transport.close(socket);
    }
    machine.inbox.clear();
    machine.isPaused = false;
    if (silent) this.#silence(machine);
  }

  /** The machine is there again; it answers stale connections with a reset. Its process listens again by itself. */
  up(endpoint: Endpoint): void {
    this.#machineOf(endpoint).isSilent = false;
  }

  /** The process stands still; its kernel goes on opening connections and filling buffers. */
  pause(endpoint: Endpoint): void {
    this.#machineOf(endpoint).isPaused = true;
  }

  /** What arrived meanwhile is delivered in order, in events of their own. */
  resume(endpoint: Endpoint): void {
    this.#transport.upcalls.resume(this.#machineOf(endpoint));
  }

  // -------------------------------------------------------------------------------------------- faults

  /**
   * Nothing arrives in this direction any more, what is on its way included. TCP keeps trying: after `mend` it arrives at its
   * next retransmission, and what was sent later waits behind it. Cuts are counted.
   */
  cut(from: Party, to: Party): void {
    this.#links.between(from, to).cut();
  }

  mend(from: Party, to: Party): void {
    this.#links.between(from, to).mend();
  }

  /** Changes a link until `clearLink`. The newest change of a property wins. Latency is that of segments sent from now on. */
  setLink(from: Party, to: Party, change: LinkChange): LinkToken {
    const token = { from, to, change: { ...change } };
    this.#links.between(from, to).change(token.change);
    return token;
  }

  clearLink(token: LinkToken): void {
    this.#links.between(token.from, token.to).takeBack(token.change);
  }

  /** Every connection between the two is broken, and both are told. What is on its way is lost. */
  resetConnections(a: Party, b: Party): void {
    const { sockets } = this.#machine(a);
    for (const socket of sockets.values()) {
      if (socket.peer.machine.endpoint.party === b) this.#reset(socket);
    }
  }

  #reset(socket: Socket): void {
    const now = this.#queue.now;
    this.#queue.schedule(now, () => this.#transport.onReset(socket));
    this.#queue.schedule(now, () => this.#transport.onReset(socket.peer));
  }

  #silence(machine: Machine): void {
    machine.isSilent = true;
    machine.boots++;
  }

  #flow(from: Socket, to: Socket): Flow {
    const link = this.#links.between(from.machine.endpoint.party, to.machine.endpoint.party);
    return new Flow(this.#queue, link, () => this.#transport.onArrival(from));
  }

  #isListening(socket: Socket): boolean {
    const listener = this.#listeners.get(socket.address);
    return listener?.machine === socket.machine && listener.channel === socket.channel;
  }

  /** Who has this address. Before anybody listened on it: the first machine with that host. */
  #resolve(address: string): Machine {
    const owner = this.#owners.get(address);
    if (owner !== undefined) return owner;
    const host = address.slice(0, address.lastIndexOf(':'));
    const machines = [...this.#machines.values()];
    return defined(
      machines.find((machine) => machine.endpoint.host === host),
      `a machine with the address ${address}`,
    );
  }

  #machineOf(endpoint: Endpoint): Machine {
    return this.#machine(endpoint.party);
  }

  #machine(party: Party): Machine {
    return defined(this.#machines.get(party), `party ${party} on the network`);
  }
}
