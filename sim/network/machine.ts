import type { Packet } from '../../protocol/packets.ts';
import { type ConnectionId, connectionId } from '../../protocol/ids.ts';
import { Queue } from '../../protocol/queue.ts';
import type { Endpoint } from './endpoint.ts';
import type { DialBlock } from './ports.ts';
import type { Socket } from './socket.ts';

/** What a process is told about one of its connections. */
export type Upcall =
  Packet | 'accepted' | 'connected' | 'refused' | 'timedOut' | 'writable' | 'closed' | 'reset';

/**
 * The machine an endpoint runs on, as far as the network is concerned: its kernel, which outlives the process, answers dials and goes
 * on sending what a closed connection still owes.
 */
export class Machine {
  readonly endpoint: Endpoint;
  /** The connections its process has, or is about to be told of. */
  readonly sockets = new Map<ConnectionId, Socket>();
  /** What a paused process will be told when it goes on. While anything is in here, nothing overtakes it. */
  readonly inbox = new Queue<{ readonly socket: Socket; readonly upcall: Upcall }>();
  /** Faults that turn dials away. */
  readonly blocks = new Set<DialBlock>();
  /** The process is stopped; the kernel is not. */
  isPaused = false;
  /** The machine itself is gone: nothing is received, nothing answered. */
  isSilent = false;
  /** Times the kernel lost everything it knew. A socket of an earlier boot is gone. */
  boots = 0;

  #accepted = 0;
  #dialled = 0;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  /** Connections to this address that are open and that the process has not accepted. */
  unaccepted(address: string): number {
    let count = 0;
    for (const { socket, upcall } of this.inbox) {
      if (upcall === 'accepted' && socket.address === address) count++;
    }
    return count;
  }

  nextAcceptedId(): ConnectionId {
    return connectionId(-++this.#accepted);
  }

  /** `host:port` of a dialling socket, from Linux's range of ephemeral ports. */
  nextLocalAddress(): string {
    return `${this.endpoint.host}:${32_768 + (this.#dialled++ % 28_232)}`;
  }
}
