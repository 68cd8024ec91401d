/** The loop at the end of Leader.lead: every half tick the learners get a PING, every tick a quorum of them must have been heard. */
import type { ServerContext } from '../server-context.ts';
import type { LearnerHandler } from './learner-handler.ts';

const TICK_TIMER = 'leader/tick';

export class TickLoop {
  readonly #context: ServerContext;
  readonly #learners: ReadonlySet<LearnerHandler>;
  readonly #shutdown: (reason: string) => void;
  #tick = 0;
  #isFullTick = false;
  /** The server's state is ERROR, because… */
  #stopping: string | undefined = undefined;

  /** `learners` are all that are connected at any moment. */
  constructor(
    context: ServerContext,
    learners: ReadonlySet<LearnerHandler>,
    shutdown: (reason: string) => void,
  ) {
    this.#context = context;
    this.#learners = learners;
    this.#shutdown = shutdown;
  }

  /** Full ticks since this leadership began. */
  get tick(): number {
    return this.#tick;
  }

  start(): void {
    const { timers, config } = this.#context;
    timers.set(TICK_TIMER, Math.floor(config.tickTime / 2), () => this.#onHalfTick());
  }

  stop(): void {
    this.#context.timers.cancel(TICK_TIMER);
  }

  /** A thread of the pipeline died: the leader's own finds out when it comes round. */
  notifyStopping(reason: string): void {
    this.#stopping = reason;
  }

  #onHalfTick(): void {
    if (this.#stopping !== undefined) {
      this.#shutdown(this.#stopping);
      return;
    }
    if (this.#isFullTick) {
      this.#tick++;
      if (!this.#hasSyncedQuorum()) {
        this.#shutdown('not sufficient followers synced');
        return;
      }
    }
    this.#isFullTick = !this.#isFullTick;
    for (const learner of [...this.#learners]) learner.ping();
    this.start();
  }

  #hasSyncedQuorum(): boolean {
    const { self, verifier, config, release } = this.#context;
    const synced = new Set([self.sid]);
    for (const learner of this.#learners) {
      if (learner.sid !== undefined && learner.isSynced(this.#tick)) synced.add(learner.sid);
    }
    // ZOOKEEPER-1294: a majority was a number of servers, whoever they were (QuorumMaj); groups always looked for their own members.
    if (release.observersKeepALeader && config.groups === undefined)
      return synced.size * 2 > verifier.votingMembers.size;
    return verifier.containsQuorum(synced);
  }
}
