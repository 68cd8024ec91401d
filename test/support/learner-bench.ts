import { defined } from '../../protocol/assert.ts';
import { connectionId, type ConnectionId } from '../../protocol/ids.ts';
import { Learner } from '../../protocol/learner/learner.ts';
import type { QuorumPacket, ZabState } from '../../protocol/packets.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { serverSpecs } from './plans.ts';
import { ServerBench, type BenchInit } from './server-bench.ts';

const LEADER = 3;

/** A learner of server 3 at the host seam, and a leader that says what a test has it say. */
export class LearnerBench extends ServerBench {
  readonly learner: Learner;
  readonly zabStates: ZabState[] = [];
  readonly established: number[] = [];
  readonly ended: { reason: string; isTreeUnsaved: boolean }[] = [];
  #dials = 0;

  constructor(init: BenchInit = {}) {
    super(init);
    const leader = defined((init.servers ?? serverSpecs(3))[LEADER - 1], 'the leader');
    this.learner = new Learner(this.context, leader, {
      onZabState: (zabState) => void this.zabStates.push(zabState),
      onEstablished: (epoch) => void this.established.push(epoch),
      onEnd: (reason, { isTreeUnsaved }) => void this.ended.push({ reason, isTreeUnsaved }),
    });
  }

  /** The connection of its newest dial. */
  get connection(): ConnectionId {
    return connectionId(this.#dials);
  }

  starts(): void {
    this.learner.start();
    this.#dials++;
  }

  /** The dial fails; if the pause after it leads to another one, that is under way. */
  failsToDial(): void {
    this.dialFailed(this.connection);
    this.advance(this.context.config.leaderConnectDelayDuringRetryMs);
    this.#dials++;
  }

  /** It has dialled and sent FOLLOWERINFO. */
  registers(): this {
    this.starts();
    this.connected(this.connection);
    return this;
  }

  /** The leader of `epoch` accepted it; the disk is idle again. */
  joins(epoch: number): this {
    this.registers();
    this.told({ type: 'LEADERINFO', zxid: makeZxid(epoch, 0) });
    this.settle();
    this.host.take();
    return this;
  }

  /** Packets of the leader, one after the other, without the disk moving. */
  told(...packets: readonly QuorumPacket[]): void {
    for (const packet of packets) this.accept(this.connection, packet);
  }

  get sent(): readonly QuorumPacket[] {
    return this.host.sent as QuorumPacket[];
  }
}
