import type { Cluster } from '../cluster.ts';
import { WORLD, type Party } from '../party.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import type { Liveness } from '../result.ts';
import { fromMs, toMs, type Micros } from '../time.ts';
import type { TraceEvent, TraceSink } from '../trace-events.ts';
import { type Absence, absenceOf, type Excuse, excuseOf } from './absence.ts';
import { isCalm } from './level.ts';
import type { CalmProbe } from './probe.ts';

/** How often the end of the calm is looked for, virtual ms. */
const CALM_CHECK_MS = 50;
/** More happens in no calm that comes to an end: servers that go on like this are busy with each other, and will be (ZOOKEEPER-1419). */
const MOST_EVENTS = 500_000;

/**
 * What comes after the story: clients ask nothing more, every fault ends, who is down starts again. Within `calmMs` a write must
 * complete and every server that can be must serve the same tree. It is over when that has come about, when the time is (or the patience, at
 * half a million events), or when so many servers cannot be there that nothing more can happen.
 */
export class Calm implements TraceSink {
  readonly #cluster: Cluster;
  /** Servers whose process ZooKeeper has ended since the calm began. */
  readonly #exited = new Set<Party>();
  #probe: CalmProbe | undefined;
  #deadline: Micros = Infinity;
  #lastEvent = Infinity;
  #beganAt: Micros = 0;
  #isOver = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  begin(): void {
    const { queue, trace, plan } = this.#cluster;
    trace.addSink(this);
    this.#record('calmBegan');
    this.#beganAt = queue.now;
    this.#deadline = queue.now + fromMs(plan.calmMs);
    this.#lastEvent = queue.processed + MOST_EVENTS;
    this.#probe = this.#cluster.calm();
    this.#look();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  onEvent(_at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'exited') this.#exited.add(party);
    else if (event.type === 'started') this.#exited.delete(party);
  }

  absenceOf(server: SimulatedServer): Absence | undefined {
    return absenceOf(server, this.#exited.has(server.party));
  }

  /** Why nobody can ask for more: those who can be there are no quorum. */
  get excuse(): Excuse | undefined {
    const { cast } = this.#cluster;
    if (cast.isQuorum(this.#present)) return undefined;
    return excuseOf(
      cast.servers.flatMap((server) => {
        const absence = this.absenceOf(server);
        return absence === undefined ? [] : [{ server, absence }];
      }),
    );
  }

  /** How long it was waited for, where that was given up before its time as too much went on. */
  get gaveUpAfterMs(): number | undefined {
    const { now, processed } = this.#cluster.queue;
    return processed >= this.#lastEvent && now < this.#deadline ? toMs(now - this.#beganAt) : undefined;
  }

  get liveness(): Liveness {
    const { excuse } = this;
    const writtenAt = this.#probe?.writtenAt;
    if (writtenAt === undefined || this.#cluster.cast.leader() === undefined)
      return { live: false, ...(excuse !== undefined && { excuse: excuse.text }) };
    return { live: true, atMs: toMs(writtenAt) };
  }

  get #present(): readonly SimulatedServer[] {
    return this.#cluster.cast.servers.filter((server) => this.absenceOf(server) === undefined);
  }

  #look(): void {
    const { queue } = this.#cluster;
    if (this.#isReached()) {
      this.#record('calmReached');
      this.#isOver = true;
    } else if (this.#isTimeUp() || this.#isHopeless()) {
      this.#isOver = true;
    } else {
      queue.schedule(queue.now + fromMs(CALM_CHECK_MS), () => this.#look());
    }
  }

  #isTimeUp(): boolean {
    const { now, processed } = this.#cluster.queue;
    return now >= this.#deadline || processed >= this.#lastEvent;
  }

  #isReached(): boolean {
    return this.#probe?.writtenAt !== undefined && isCalm(this.#cluster.cast, this.#present);
  }

  /** No quorum can start, and whoever led or followed before has noticed. */
  #isHopeless(): boolean {
    const { cast } = this.#cluster;
    return (
      !cast.isQuorum(this.#present) && cast.servers.every((server) => server.peer?.view.isServing !== true)
    );
  }

  #record(type: 'calmBegan' | 'calmReached'): void {
    this.#cluster.trace.record(this.#cluster.queue.now, WORLD, { type });
  }
}
