import type { RequestBody } from '../../protocol/client-packets.ts';
import { Cluster } from '../../sim/cluster.ts';
import { Random } from '../../sim/random.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { SimulatedClient } from '../../sim/process/simulated-client.ts';
import type { Party } from '../../sim/party.ts';
import { fromMs, toMs } from '../../sim/time.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';

type EventOf<Type extends TraceEvent['type']> = Extract<TraceEvent, { type: Type }>;

/** A cluster that a test drives by hand: one request at a time, or a stretch of virtual time. */
export class HandDriven {
  readonly cluster: Cluster;
  readonly #seen: { party: Party; event: TraceEvent }[] = [];

  constructor(plan: RunPlan, seed: string) {
    this.cluster = new Cluster(plan, new Random(seed));
    this.cluster.trace.addSink({ onEvent: (_at, party, event) => void this.#seen.push({ party, event }) });
    for (const server of this.cluster.cast.servers) server.boot();
  }

  get nowMs(): number {
    return toMs(this.cluster.queue.now);
  }

  client(index: number): SimulatedClient {
    const client = this.cluster.cast.clients[index];
    if (client === undefined) throw new TypeError(`no client ${index}`);
    return client;
  }

  /** Runs on until the condition holds. */
  until(condition: () => boolean, limitMs = 60_000): void {
    const deadline = this.cluster.queue.now + fromMs(limitMs);
    while (!condition()) {
      if (this.cluster.queue.now > deadline || !this.cluster.queue.runNext())
        throw new Error('it never came to that');
    }
  }

  /** Lets this much virtual time pass, whether or not anything happens in it. */
  forMs(ms: number): void {
    const { queue } = this.cluster;
    const end = queue.now + fromMs(ms);
    queue.schedule(end, () => undefined);
    while ((queue.nextAt ?? Infinity) <= end) queue.runNext();
  }

  /** Every server serves. */
  untilServing(): void {
    this.until(() => this.cluster.cast.servers.every((server) => server.peer?.view.isServing === true));
  }

  connect(index: number): EventOf<'keeperState'> {
    const client = this.client(index);
    const from = this.#seen.length;
    client.run(() => client.client.start());
    return this.#await(
      client,
      from,
      (event) => event.type === 'keeperState' && event.state === 'SyncConnected',
    );
  }

  /** The next time this client's session is connected, after a connection was broken. */
  reconnected(index: number, breakIt: () => void): EventOf<'keeperState'> {
    const from = this.#seen.length;
    breakIt();
    return this.#await(
      this.client(index),
      from,
      (event) => event.type === 'keeperState' && event.state === 'SyncConnected',
    );
  }

  /** Submits and waits for the answer. */
  request(index: number, body: RequestBody): EventOf<'answered'> {
    const client = this.client(index);
    const from = this.#seen.length;
    let op = 0;
    client.run(() => {
      op = client.client.submit(body);
    });
    return this.#await(client, from, (event) => event.type === 'answered' && event.op === op);
  }

  /** Events of this kind of this party, so far. */
  events<Type extends TraceEvent['type']>(type: Type, party?: Party): readonly EventOf<Type>[] {
    return this.#seen
      .filter((seen) => seen.event.type === type && (party === undefined || seen.party === party))
      .map((seen) => seen.event as EventOf<Type>);
  }

  #await<Type extends TraceEvent['type']>(
    client: SimulatedClient,
    from: number,
    test: (event: TraceEvent) => boolean,
  ): EventOf<Type> {
    const find = (): TraceEvent | undefined =>
      this.#seen.slice(from).find((seen) => seen.party === client.party && test(seen.event))?.event;
    this.until(() => find() !== undefined);
    return find() as EventOf<Type>;
  }
}
