import { assert, defined } from '../../protocol/assert.ts';
import type { Channel } from '../../protocol/host.ts';
import type { Port } from '../fault-plan.ts';
import type { Machine } from './machine.ts';
import type { Socket } from './socket.ts';

/** What a kernel does with a segment that opens a connection: it takes it, is silent, or answers with a reset. */
export type DialAnswer = 'take' | 'drop' | 'reset';

/** A fault that turns dials away: give it to `unblock`. */
export interface DialBlock {
  readonly machine: Machine;
  readonly port: Port;
  readonly answer: 'drop' | 'reset';
}

/**
 * Connections that may wait until the process accepts them: Java asks for 50 where nothing is said (ServerSocket, and
 * clientPortListenBacklog = −1), and Linux is full with one more.
 */
const BACKLOG = 51;

/** Who listens where, and what becomes of a dial. */
export class Ports {
  readonly #listeners = new Map<string, { readonly machine: Machine; readonly channel: Channel }>();
  /** Whose address it is, listening or not: who listened there last. */
  readonly #owners = new Map<string, Machine>();
  /** Of several machines with one host, the first. */
  readonly #hosts = new Map<string, Machine>();

  attach(machine: Machine, addresses: readonly string[]): void {
    const { host } = machine.endpoint;
    if (!this.#hosts.has(host)) this.#hosts.set(host, machine);
    for (const address of addresses) this.#owners.set(address, machine);
  }

  open(machine: Machine, address: string, channel: Channel): void {
    const listener = this.#listeners.get(address);
    assert(listener === undefined || listener.machine === machine, `two machines listen on ${address}`);
    this.#listeners.set(address, { machine, channel });
    this.#owners.set(address, machine);
  }

  close(machine: Machine, address: string): void {
    if (this.#listeners.get(address)?.machine === machine) this.#listeners.delete(address);
  }

  closeAll(machine: Machine): void {
    for (const address of this.#listeners.keys()) this.close(machine, address);
  }

  /** Who has this address. Before anybody listened on it: the machine with that host. */
  ownerOf(address: string): Machine {
    const host = address.slice(0, address.lastIndexOf(':'));
    const machine = this.#owners.get(address) ?? this.#hosts.get(host);
    return defined(machine, () => `a machine with the address ${address}`);
  }

  block(machine: Machine, port: Port, answer: DialBlock['answer']): DialBlock {
    const block = { machine, port, answer };
    machine.blocks.add(block);
    return block;
  }

  unblock(block: DialBlock): void {
    block.machine.blocks.delete(block);
  }

  /** What an accepting end that is not open does with a SYN, or with the ACK that would open it. */
  answer(accepting: Socket): DialAnswer {
    if (!this.#isListening(accepting)) return 'reset';
    if (accepting.state === 'listening' && this.#isBlocked(accepting, 'reset')) return 'reset';
    return this.#isBlocked(accepting, 'drop') || this.#isFull(accepting) ? 'drop' : 'take';
  }

  #isListening({ machine, address, channel }: Socket): boolean {
    const listener = this.#listeners.get(address);
    return listener?.machine === machine && listener.channel === channel;
  }

  #isBlocked({ machine, channel }: Socket, answer: DialBlock['answer']): boolean {
    for (const block of machine.blocks) {
      if (block.answer === answer && (block.port === 'all' || block.port === channel)) return true;
    }
    return false;
  }

  /** Only a process that stands still leaves connections unaccepted. */
  #isFull({ machine, address }: Socket): boolean {
    return machine.inbox.size >= BACKLOG && machine.unaccepted(address) >= BACKLOG;
  }
}
