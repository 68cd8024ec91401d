import { assert, defined } from '../../protocol/assert.ts';
import type { Channel } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { EventQueue } from '../event-queue.ts';
import type { Party } from '../party.ts';
import type { Port } from '../fault-plan.ts';
import type { NetworkPlan } from '../world-plan.ts';
import type { Random } from '../random.ts';
import { fromMs } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { Endpoint } from './endpoint.ts';
import { Flow } from './flow.ts';
import { Links } from './links.ts';
import { Machine } from './machine.ts';
import { type DialBlock, Ports } from './ports.ts';
import { Socket } from './socket.ts';
import { Transport } from './transport.ts';
import type { LinkChange } from './tunable-quality.ts';

/** A change of a link that is in force: give it to `clearLink`. */
export interface LinkToken {
  readonly from: Party;
  readonly to: Party;
  readonly change: LinkChange;
}

/** Connections that something between two machines has forgotten: give it to `unsever`. */
export type Severed = readonly Socket[];

/**
 * The network (law 3): directed links between machines, and connections that live on them. Endpoints operate it and are called back
 * from the event queue only. Faults cut, hold and change links, silence machines, turn dials away and break connections; what then becomes
 * of packets in flight is said with each.
 */
export class Network {
  readonly #queue: EventQueue;
  readonly #links: Links;
  readonly #ports = new Ports();
  readonly #transport: Transport;
  readonly #machines = new Map<Party, Machine>();

  constructor(init: { queue: EventQueue; random: Random; trace: Trace; plan: NetworkPlan }) {
    this.#queue = init.queue;
    const { random } = init;
    this.#links = new Links(init.plan, random.key('network'), random.lastingKey('network'));
    this.#transport = new Transport(init.queue, init.trace, this.#ports);
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
    this.#ports.attach(machine, addresses);
  }

  // -------------------------------------------------------------------------------------------- endpoints

  /** Opens a port: whoever dials `address` is announced by onAccept. */
  listen(endpoint: Endpoint, address: string, channel: Channel): void {
    this.#ports.open(this.#machineOf(endpoint), address, channel);
  }

  /** Closes the port. Connections that were accepted stay; those still being opened are refused. */
  unlisten(endpoint: Endpoint, address: string): void {
    this.#ports.close(this.#machineOf(endpoint), address);
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
    assert(!machine.sockets.has(connection), () => `connection ${connection} is dialled twice`);
    const target = this.#ports.ownerOf(address);
    assert(target !== machine, () => `${address} dials itself`);
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
    this.#ports.closeAll(machine);
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

  /**
   * What would arrive in this direction, what is on its way included, is kept: nothing is lost, sent again or given up, but whoever
   * dials still has its timeout. At the `release` all of it arrives at once, in order. Holds are counted.
   */
  hold(from: Party, to: Party): void {
    this.#links.between(from, to).hold();
  }

  release(from: Party, to: Party): void {
    this.#links.between(from, to).release();
  }

  /**
   * Changes a link until `clearLink`. The newest change of a property wins. Latency, jitter and bandwidth are those of segments sent from
   * now on: what is on its way keeps its time. Loss, random and in bursts, takes what would arrive from now on.
   */
  setLink(from: Party, to: Party, change: LinkChange): LinkToken {
    const token = { from, to, change: { ...change } };
    this.#links.between(from, to).change(token.change);
    return token;
  }

  clearLink(token: LinkToken): void {
    this.#links.between(token.from, token.to).takeBack(token.change);
  }

  /**
   * Every connection between the two is broken. What an end that is told has on its way is lost. `first`: only `a` is told; what `b` has
   * on its way, or sends later, is answered by a reset.
   */
  resetConnections(a: Party, b: Party, told: 'both' | 'first' = 'both'): void {
    for (const socket of this.#socketsBetween(a, b)) this.#transport.reset(socket, told);
  }

  /**
   * Something between the two forgets every open connection of theirs, and nobody is told: what is on its way is lost, and whatever
   * is sent is sent again in vain, until an end gives up. Dials go through.
   */
  sever(a: Party, b: Party): Severed {
    const sockets = this.#socketsBetween(a, b).filter((socket) => !socket.isBeingOpened);
    for (const socket of sockets) socket.sever();
    return sockets;
  }

  /** It answers with resets at last: both ends of each connection are told. */
  unsever(sockets: Severed): void {
    for (const socket of sockets) this.#transport.reset(socket, 'both');
  }

  /**
   * Dials of this port are answered by a reset, or dropped (and sent again after 1, 2, 4 … seconds) until `unblockDials`. Connections that
   * are open stay as they are; one that is being opened meets the drop too, with its last ACK.
   */
  blockDials(party: Party, port: Port, answer: DialBlock['answer']): DialBlock {
    return this.#ports.block(this.#machine(party), port, answer);
  }

  unblockDials(block: DialBlock): void {
    this.#ports.unblock(block);
  }

  /** The ends at `a`, also those that its process has closed and whose peers have not heard of it. */
  #socketsBetween(a: Party, b: Party): readonly Socket[] {
    const isTo = (party: Party, socket: Socket): boolean => socket.peer.machine.endpoint.party === party;
    const known = [...this.#machine(a).sockets.values()].filter((socket) => isTo(b, socket));
    const closed = [...this.#machine(b).sockets.values()].filter(
      (socket) => isTo(a, socket) && socket.peer.isReleased,
    );
    return [...known, ...closed.map((socket) => socket.peer)];
  }

  #silence(machine: Machine): void {
    machine.isSilent = true;
    machine.boots++;
  }

  #flow(from: Socket, to: Socket): Flow {
    const link = this.#links.between(from.machine.endpoint.party, to.machine.endpoint.party);
    return new Flow(this.#queue, link, () => this.#transport.onArrival(from));
  }

  #machineOf(endpoint: Endpoint): Machine {
    return this.#machine(endpoint.party);
  }

  #machine(party: Party): Machine {
    return defined(this.#machines.get(party), () => `party ${party} on the network`);
  }
}
