import { assert, unreachable } from '../../protocol/assert.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { EventQueue } from '../event-queue.ts';
import type { Micros } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { DialAnswer, Ports } from './ports.ts';
import type { Control, Payload, Signal } from './segments.ts';
import type { Socket } from './socket.ts';
import { Upcalls } from './upcalls.ts';

/** Packets that a reader may be behind before a flush of the writer's has to wait for it (socket buffers of both ends: tens of KiB of short packets). */
const WINDOW = 256;

/**
 * TCP as two kernels play it: the handshake, retransmission, the orderly close and the reset.
 *
 * A connection opens in three segments: SYN, SYN-ACK, ACK. The dialling process knows after a round trip, the accepting one half a
 * round trip later. What arrives for an end that its kernel does not know (never accepted, given up, or forgotten in a silent
 * death) is answered by a reset. Acknowledgements are not segments of their own here: a sender knows what arrived.
 */
export class Transport {
  readonly upcalls: Upcalls;
  readonly #queue: EventQueue;
  readonly #ports: Ports;

  constructor(queue: EventQueue, trace: Trace, ports: Ports) {
    this.#queue = queue;
    this.#ports = ports;
    this.upcalls = new Upcalls(queue, trace, (reader) => this.#onRead(reader));
  }

  /** Sends the SYN of `socket`, whose process waits for an answer until `timeout` µs have passed. */
  dial(socket: Socket, timeout: number): void {
    socket.deadline = this.#queue.schedule(this.#queue.now + timeout, () => {
      this.#end(socket);
      this.upcalls.deliver(socket, 'timedOut');
    });
    socket.outgoing.push('syn');
  }

  send(socket: Socket, packet: Packet): void {
    assert(socket.state !== 'connecting', 'a packet is sent before its connection is open');
    if (socket.state !== 'open') return;
    socket.outgoing.unread++;
    socket.outgoing.push(packet);
  }

  /** What was sent still arrives, and then a FIN. */
  close(socket: Socket): void {
    const wasAnswered = socket.state === 'open' || socket.state === 'halfOpen';
    if (!wasAnswered) return this.#end(socket);
    socket.state = 'closed';
    socket.outgoing.push('fin');
  }

  /** The machine is gone: what is on the wire may still arrive, but nothing is sent any more. */
  forget(socket: Socket): void {
    this.#cancelDeadline(socket);
  }

  /** Answered at once, but in an event of its own, unless the reader is too far behind. */
  flush(socket: Socket): void {
    if (socket.state !== 'open') return;
    socket.isFlushing = true;
    if (socket.isWritableDue || socket.outgoing.unread > WINDOW) return;
    socket.isWritableDue = true;
    this.#queue.schedule(this.#queue.now, () => this.#onRoom(socket));
  }

  /** The first segment of `sender`'s outgoing flow should be at the peer now. */
  onArrival(sender: Socket): void {
    const { outgoing, peer } = sender;
    if (outgoing.link.isHeld) return outgoing.hold();
    if (outgoing.isExhausted) return this.#giveUp(sender);
    if (sender.isForgotten && outgoing.retransmissions > 0) return outgoing.clear();
    if (peer.machine.isSilent || outgoing.isFirstLost()) return outgoing.retransmit();
    switch (this.#answer(peer, outgoing.first.payload)) {
      case 'take':
        return this.#receive(peer, outgoing.shift());
      case 'drop':
        return outgoing.retransmit();
      case 'reset':
        return this.#refuse(sender);
    }
  }

  /** A reset arrived: the connection is over at this end. */
  onReset(socket: Socket): void {
    this.#break(socket, 'refused');
  }

  /** Ends a connection at both ends, or only at this one: then the peer learns it by a reset, when it sends something. */
  reset(socket: Socket, told: 'both' | 'first'): void {
    const ends = told === 'both' ? [socket, socket.peer] : [socket];
    for (const end of ends) this.#queue.schedule(this.#queue.now, () => this.onReset(end));
  }

  /**
   * What the receiving kernel does. A closed end that still owes a FIN takes packets, to throw them away: their sender will learn of the
   * close anyway.
   */
  #answer(socket: Socket, payload: Payload): DialAnswer {
    if (socket.isForgotten) return 'reset';
    switch (socket.state) {
      case 'listening':
      case 'halfOpen':
        return this.#ports.answer(socket);
      case 'closed':
        return payload === 'fin' || !socket.outgoing.isEmpty ? 'take' : 'reset';
      case 'connecting':
      case 'open':
        return 'take';
    }
  }

  /** The segment stays the first of its flow, for the reset may get lost. */
  #refuse(sender: Socket): void {
    const { outgoing, peer } = sender;
    outgoing.retransmit();
    this.#sendReset(peer, sender);
    if (peer.state === 'halfOpen') this.#break(peer, 'refused');
  }

  #receive(socket: Socket, payload: Payload): void {
    if (socket.state === 'closed') return;
    if (typeof payload === 'string') this.#receiveControl(socket, payload);
    else this.upcalls.deliver(socket, payload);
  }

  #receiveControl(socket: Socket, control: Control): void {
    switch (control) {
      case 'syn':
        socket.register(socket.machine.nextAcceptedId());
        socket.state = 'halfOpen';
        return socket.outgoing.push('synAck');
      case 'synAck':
        this.#cancelDeadline(socket);
        socket.state = 'open';
        socket.outgoing.push('ack');
        return this.upcalls.deliver(socket, 'connected');
      case 'ack':
        socket.state = 'open';
        return this.upcalls.deliver(socket, 'accepted');
      case 'fin':
        this.#end(socket);
        return this.upcalls.deliver(socket, 'closed');
      default:
        return unreachable(control, 'Transport.receiveControl');
    }
  }

  /** Retransmitted in vain for a quarter of an hour. The peer learns it by the reset, or when it sends something itself. */
  #giveUp(sender: Socket): void {
    if (!sender.isForgotten) this.#sendReset(sender, sender.peer);
    this.#break(sender, 'timedOut');
    sender.outgoing.clear();
  }

  /** Ends it without a word to the peer. `failure`: what a process that is still dialling is told. */
  #break(socket: Socket, failure: 'refused' | 'timedOut'): void {
    if (socket.isForgotten) return;
    const { state } = socket;
    this.#end(socket);
    if (state === 'connecting') this.upcalls.deliver(socket, failure);
    if (state === 'open') this.upcalls.deliver(socket, 'reset');
    if (state === 'halfOpen') socket.release();
  }

  /** Sent once: it can get lost. */
  #sendReset(from: Socket, to: Socket): void {
    this.#signal('reset', from, (sentAt, address) => {
      const isLost = from.outgoing.link.loses(sentAt, address, 0, this.#queue.now);
      if (!to.machine.isSilent && !isLost) this.onReset(to);
    });
  }

  /** Travels beside the segments of this end. `arrive`: it is at the other end, and was sent so. */
  #signal(kind: Signal, from: Socket, arrive: (sentAt: Micros, address: number) => void): void {
    const { outgoing } = from;
    const { link } = outgoing;
    const sentAt = this.#queue.now;
    const address = link.address(kind, sentAt);
    const onArrival = (): void => {
      if (link.isHeld) link.keep({ goOn: () => this.#queue.schedule(this.#queue.now, onArrival) });
      else if (!outgoing.isSevered) arrive(sentAt, address);
    };
    this.#queue.schedule(sentAt + link.latency(sentAt, address), onArrival);
  }

  #end(socket: Socket): void {
    this.#cancelDeadline(socket);
    socket.state = 'closed';
    socket.outgoing.clear();
  }

  #cancelDeadline(socket: Socket): void {
    if (socket.deadline !== undefined) this.#queue.cancel(socket.deadline);
    socket.deadline = undefined;
  }

  /** Java: a write blocks while the socket's buffers are full. The writer learns of room one latency later. */
  #onRead(reader: Socket): void {
    const writer = reader.peer;
    writer.outgoing.unread--;
    if (!writer.isFlushing || writer.isWritableDue || writer.outgoing.unread !== WINDOW) return;
    writer.isWritableDue = true;
    this.#signal('windowUpdate', reader, () => this.#onRoom(writer));
  }

  #onRoom(writer: Socket): void {
    writer.isWritableDue = false;
    // More may have been sent meanwhile: then the next read answers.
    if (writer.state !== 'open' || writer.outgoing.unread > WINDOW) return;
    writer.isFlushing = false;
    this.upcalls.deliver(writer, 'writable');
  }
}
