import type { Packet } from '../../protocol/packets.ts';
import type { EventQueue } from '../event-queue.ts';
import type { Trace } from '../trace.ts';
import type { WorldEvent } from '../trace-events.ts';
import type { Machine, Upcall } from './machine.ts';
import type { Socket } from './socket.ts';

/**
 * The edge between kernel and process: tells endpoints what became of their connections, and the trace just before. A paused process
 * is told when it goes on, in order, one event each.
 */
export class Upcalls {
  /** Packets that processes have read. */
  delivered = 0;

  readonly #queue: EventQueue;
  readonly #trace: Trace;
  readonly #onRead: (reader: Socket) => void;

  /** `onRead`: a process has read a packet from this connection. */
  constructor(queue: EventQueue, trace: Trace, onRead: (reader: Socket) => void) {
    this.#queue = queue;
    this.#trace = trace;
    this.#onRead = onRead;
  }

  deliver(socket: Socket, upcall: Upcall): void {
    const { machine } = socket;
    if (machine.isPaused || machine.inbox.size > 0) machine.inbox.push({ socket, upcall });
    else this.#call(socket, upcall);
  }

  resume(machine: Machine): void {
    if (!machine.isPaused) return;
    machine.isPaused = false;
    this.#drainLater(machine);
  }

  #drainLater(machine: Machine): void {
    if (machine.inbox.size > 0) this.#queue.schedule(this.#queue.now, () => this.#drain(machine));
  }

  /** The process may have been paused or have died since this was scheduled. */
  #drain(machine: Machine): void {
    if (machine.isPaused) return;
    const next = machine.inbox.shift();
    if (next !== undefined) this.#call(next.socket, next.upcall);
    this.#drainLater(machine);
  }

  #call(socket: Socket, upcall: Upcall): void {
    if (socket.isReleased) return;
    if (typeof upcall !== 'string') return this.#callPacket(socket, upcall);
    const { endpoint } = socket.machine;
    switch (upcall) {
      case 'accepted':
        this.#record(socket, { type: 'connected', to: partyOf(socket.peer) });
        return endpoint.onAccept(socket.id, socket.channel, socket.peer.localAddress);
      case 'connected':
        this.#record(socket, { type: 'connected', to: partyOf(socket.peer) });
        return endpoint.onConnected(socket.id);
      case 'writable':
        return endpoint.onWritable(socket.id);
      case 'refused':
      case 'timedOut':
        return this.#callConnectFailed(socket, upcall);
      case 'closed':
      case 'reset':
        return this.#callClosed(socket, upcall);
    }
  }

  #callPacket(socket: Socket, packet: Packet): void {
    this.delivered++;
    this.#onRead(socket);
    this.#record(socket, { type: 'delivered', from: partyOf(socket.peer), packet });
    socket.machine.endpoint.onPacket(socket.id, packet);
  }

  #callConnectFailed(socket: Socket, upcall: 'refused' | 'timedOut'): void {
    const reason = upcall === 'refused' ? 'refused' : 'timeout';
    this.#record(socket, { type: 'connectFailed', address: socket.address, reason });
    socket.release();
    socket.machine.endpoint.onConnectFailed(socket.id);
  }

  #callClosed(socket: Socket, upcall: 'closed' | 'reset'): void {
    this.#record(socket, { type: 'disconnected', from: partyOf(socket.peer), reset: upcall === 'reset' });
    socket.release();
    socket.machine.endpoint.onClosed(socket.id);
  }

  #record(socket: Socket, event: WorldEvent): void {
    this.#trace.record(this.#queue.now, partyOf(socket), event);
  }
}

const partyOf = (socket: Socket): number => socket.machine.endpoint.party;
