import { connectionId, sid, type ConnectionId } from '../../protocol/ids.ts';
import { Leader } from '../../protocol/leader/leader.ts';
import type { QuorumPacket, ZabState } from '../../protocol/packets.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { ServerBench, type BenchInit } from './server-bench.ts';

export interface LearnerInit {
  readonly acceptedEpoch?: number;
  readonly currentEpoch?: number;
  readonly lastZxid?: Zxid;
  readonly observer?: boolean;
}

/** A leader at the host seam, and learners that say what a test has them say. */
export class LeaderBench extends ServerBench {
  readonly leader: Leader;
  readonly zabStates: ZabState[] = [];
  readonly established: number[] = [];
  readonly ended: string[] = [];
  #accepted = 0;

  constructor(init: BenchInit = {}) {
    super({ sid: 3, ...init });
    this.leader = new Leader(this.context, {
      onZabState: (zabState) => void this.zabStates.push(zabState),
      onEstablished: (epoch) => void this.established.push(epoch),
      onEnd: (reason) => void this.ended.push(reason),
    });
  }

  /** It leads, and has loaded its data. */
  lead(): this {
    this.leader.lead();
    this.settle();
    return this;
  }

  /** A connection of a learner that has said nothing yet. */
  dialled(): ConnectionId {
    const connection = connectionId(-++this.#accepted);
    this.leader.onAccept(connection);
    return connection;
  }

  /** A learner introduces itself. */
  registers(n: number, { acceptedEpoch = 0, observer = false }: LearnerInit = {}): ConnectionId {
    const connection = this.dialled();
    const type = observer ? 'OBSERVERINFO' : 'FOLLOWERINFO';
    this.accept(connection, { type, zxid: makeZxid(acceptedEpoch, 0), sid: sid(n) });
    this.settle();
    return connection;
  }

  ackEpoch(connection: ConnectionId, { currentEpoch = 0, lastZxid = NO_TXNS }: LearnerInit = {}): void {
    this.says(connection, { type: 'ACKEPOCH', zxid: lastZxid, currentEpoch });
  }

  ackNewLeader(connection: ConnectionId): void {
    this.says(connection, { type: 'ACK', zxid: this.leader.newLeaderZxid });
  }

  says(connection: ConnectionId, packet: QuorumPacket): void {
    this.accept(connection, packet);
    this.settle();
  }

  /** A learner all the way to UPTODATE, if the leader has its quorum. */
  joins(n: number, init: LearnerInit = {}): ConnectionId {
    const connection = this.registers(n, init);
    this.ackEpoch(connection, init);
    this.ackNewLeader(connection);
    return connection;
  }

  /** Types of the packets sent on a connection since the last take(). */
  told(connection: ConnectionId): readonly string[] {
    return this.sentOn(connection).map((packet) => packet.type);
  }

  isClosed(connection: ConnectionId): boolean {
    return this.host.effects.some((effect) => effect[0] === 'close' && effect[1] === connection);
  }

  /** Why learners were dropped, by their sid. */
  get dropped(): readonly (readonly [number, string])[] {
    return this.eventsOf('learnerDropped').map(({ learner, reason }) => [learner, reason]);
  }
}
