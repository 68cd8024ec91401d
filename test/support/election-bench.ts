import type { EnsembleConfig, ServerSpec } from '../../protocol/config.ts';
import { FastLeaderElection } from '../../protocol/election/fast-leader-election.ts';
import { lookingVote, NO_CANDIDATE, type Candidate, type Vote } from '../../protocol/election/vote.ts';
import { defined } from '../../protocol/assert.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import { sid, type Sid } from '../../protocol/ids.ts';
import type { Notification, ServerState } from '../../protocol/packets.ts';
import { createVerifier } from '../../protocol/quorum.ts';
import { DEFAULT_RELEASE, type Release } from '../../protocol/release/release.ts';
import { Stages } from '../../protocol/stages.ts';
import { Timers } from '../../protocol/timers.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ensembleOf, serverSpecs } from './plans.ts';
import { DrivenHost } from './server-bench.ts';

export interface ElectionBenchInit {
  readonly sid?: number;
  readonly servers?: readonly ServerSpec[];
  readonly config?: Partial<EnsembleConfig>;
  readonly own?: Candidate;
  readonly release?: Release;
}

/** A vote as a test writes it: for whom, by default with the history (1, 5). */
export const voteFor = (leader: number, epoch = 1, counter = 5): Candidate => ({
  leader: sid(leader),
  zxid: makeZxid(epoch, counter),
  peerEpoch: epoch,
});

/**
 * The election of one server, with its connections replaced by a list: what it sends is kept, what it sends to
 * itself comes back when the test says so.
 */
export class ElectionBench {
  readonly host = new DrivenHost();
  readonly election: FastLeaderElection;
  readonly sent: { to: Sid; notification: Notification }[] = [];
  readonly elected: { vote: Vote; state: ServerState }[] = [];
  hasDelivered = true;
  redials = 0;
  serverState: ServerState = 'LOOKING';
  currentVote: Vote;
  readonly #sid: Sid;
  readonly #timers: Timers;
  readonly #stages: Stages;
  #loopback: Notification[] = [];

  constructor(init: ElectionBenchInit = {}) {
    const config = ensembleOf(init.servers ?? serverSpecs(3), init.config);
    this.#sid = sid(init.sid ?? 1);
    const self = defined(
      config.servers.find((server) => server.sid === this.#sid),
      'self',
    );
    const own = init.own ?? (self.learnerType === 'OBSERVER' ? NO_CANDIDATE : voteFor(this.#sid));
    this.currentVote = lookingVote(own, 0);
    this.#timers = new Timers(this.host);
    this.#stages = new Stages(this.host);
    const serverState = (): ServerState => this.serverState;
    const currentVote = (): Vote => this.currentVote;
    this.election = new FastLeaderElection({
      host: this.host,
      timers: this.#timers,
      stages: this.#stages,
      config,
      verifier: createVerifier(config),
      release: init.release ?? DEFAULT_RELEASE,
      self: {
        sid: this.#sid,
        learnerType: self.learnerType,
        get serverState() {
          return serverState();
        },
        get currentVote() {
          return currentVote();
        },
        selfCandidate: own,
      },
      manager: {
        toSend: (to, notification) => this.#toSend(to, notification),
        haveDelivered: () => this.hasDelivered,
        connectAll: () => {
          this.redials++;
        },
      },
      onElected: (vote, state) => void this.elected.push({ vote, state }),
    });
    this.#stages.register('QuorumPeer', () => this.election.step());
  }

  #toSend(to: Sid, notification: Notification): void {
    if (to === this.#sid) this.#loopback.push(notification);
    else this.sent.push({ to, notification });
  }

  /** What it sent to itself arrives. */
  deliverLoopback(): void {
    for (const notification of this.#loopback.splice(0)) {
      this.election.onNotification(this.#sid, notification);
    }
    this.runStages();
  }

  receive(from: number, candidate: Candidate, init: { state?: ServerState; round?: number } = {}): void {
    const { leader, zxid, peerEpoch } = candidate;
    const { state = 'LOOKING', round = this.election.logicalclock } = init;
    const notification = {
      type: 'notification',
      state,
      leader,
      zxid,
      peerEpoch,
      electionEpoch: round,
    } as const;
    this.election.onNotification(sid(from), notification);
    this.runStages();
  }

  /** It begins to look, and its own vote is back. */
  look(): void {
    this.election.lookForLeader();
    this.deliverLoopback();
  }

  runStages(): void {
    const { woken } = this.host;
    for (const stage of woken) {
      woken.delete(stage);
      this.#stages.onStage(stage);
    }
  }

  advance(ms: number): void {
    this.host.advance(ms, this.#timers);
    this.runStages();
  }

  /** What it has sent since the last call. */
  takeSent(): readonly { to: Sid; notification: Notification }[] {
    return this.sent.splice(0);
  }

  eventsOf<Type extends ServerEvent['type']>(type: Type): readonly (ServerEvent & { readonly type: Type })[] {
    return this.host.events.filter(
      (event): event is ServerEvent & { readonly type: Type } => event.type === type,
    );
  }
}
