import { defined } from '../../protocol/assert.ts';
import type { Channel } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Scheduled } from '../event-queue.ts';
import type { Flow } from './flow.ts';
import type { Machine } from './machine.ts';

/**
 * What the kernel knows of one end of a connection.
 *
 *     dialling end:   connecting → open → closed
 *     accepting end:  listening → halfOpen → open → closed
 *
 * `listening`: no SYN has come; `halfOpen`: the SYN was answered. A closed end may still owe its peer packets and a FIN.
 */
export type SocketState = 'listening' | 'halfOpen' | 'connecting' | 'open' | 'closed';

/** One end of a connection. */
export class Socket {
  readonly machine: Machine;
  readonly channel: Channel;
  /** What was dialled. */
  readonly address: string;
  /** `host:port` of this end. */
  readonly localAddress: string;
  state: SocketState;
  /** The process has closed it, was told of its end, or is dead: it hears no more of it. */
  isReleased = false;
  /** The process has asked for onWritable. */
  isFlushing = false;
  /** The answer to a flush is under way. */
  isWritableDue = false;
  /** While connecting: when the process wants to hear of a failure. */
  deadline: Scheduled | undefined = undefined;

  #id: ConnectionId | undefined = undefined;
  #boot = 0;
  #peer: Socket | undefined = undefined;
  #outgoing: Flow | undefined = undefined;

  constructor(machine: Machine, channel: Channel, address: string, state: 'connecting' | 'listening') {
    this.machine = machine;
    this.channel = channel;
    this.address = address;
    this.localAddress = state === 'listening' ? address : machine.nextLocalAddress();
    this.state = state;
  }

  get id(): ConnectionId {
    return defined(this.#id, 'the id of a connection');
  }

  get peer(): Socket {
    return defined(this.#peer, 'the peer of a connection');
  }

  /** From here to the peer. */
  get outgoing(): Flow {
    return defined(this.#outgoing, 'the flow of a connection');
  }

  /** Its machine died silently since it was opened: nobody there knows of it. */
  get isForgotten(): boolean {
    return this.state !== 'listening' && this.#boot !== this.machine.boots;
  }

  /** The SYN or its answer has not arrived yet. */
  get isBeingOpened(): boolean {
    return [this, this.peer].some(({ state }) => state === 'connecting' || state === 'listening');
  }

  /** Nothing passes in either direction any more. */
  sever(): void {
    this.outgoing.isSevered = true;
    this.peer.outgoing.isSevered = true;
  }

  join(peer: Socket, outgoing: Flow): void {
    this.#peer = peer;
    this.#outgoing = outgoing;
  }

  /** The kernel takes it up under this id. */
  register(id: ConnectionId): void {
    this.#id = id;
    this.#boot = this.machine.boots;
    this.machine.sockets.set(id, this);
  }

  /** The process has nothing to do with it any more. */
  release(): void {
    this.isReleased = true;
    this.machine.sockets.delete(this.id);
  }
}
