import { defined } from '../../protocol/assert.ts';
import type { RequestBody } from '../../protocol/client-packets.ts';
import { sid } from '../../protocol/ids.ts';
import type { Party } from '../../sim/party.ts';
import type { Fault } from '../../sim/fault-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { SimulatedServer } from '../../sim/process/simulated-server.ts';
import { TraceRecorder, type TraceRecord } from '../../sim/trace.ts';
import type { TraceEvent, TraceEventType } from '../../sim/trace-events.ts';
import { fromMs } from '../../sim/time.ts';
import { at, type Stroke, strokeOf } from './faults.ts';
import { HandDriven } from './hand-driven.ts';

export type RecordOf<Type extends TraceEventType> = TraceRecord & {
  readonly event: Extract<TraceEvent, { type: Type }>;
};

/** The records of one kind, of everyone or of one party. */
export const recordsOf = <Type extends TraceEventType>(
  records: readonly TraceRecord[],
  type: Type,
  party?: Party,
): readonly RecordOf<Type>[] =>
  records.filter(
    (record): record is RecordOf<Type> =>
      record.event.type === type && (party === undefined || record.party === party),
  );

/** A hand-driven ensemble with what a whole story needs: roles, faults, and when everything happened. */
export class Ensemble extends HandDriven {
  readonly #recorder = new TraceRecorder();

  constructor(plan: RunPlan, seed = '1') {
    super(plan, seed);
    this.cluster.trace.addSink(this.#recorder);
  }

  get all(): readonly TraceRecord[] {
    return this.#recorder.records;
  }

  /** When what happened; `since`: only records from that place in the trace on. */
  records<Type extends TraceEventType>(type: Type, party?: Party, since = 0): readonly RecordOf<Type>[] {
    return recordsOf(this.all.slice(since), type, party);
  }

  get leader(): SimulatedServer {
    return defined(this.cluster.cast.leader(), 'a leader');
  }

  get followers(): readonly SimulatedServer[] {
    return this.cluster.cast.learners('PARTICIPANT');
  }

  server(id: number): SimulatedServer {
    return defined(this.cluster.cast.server(sid(id)), `server ${id}`);
  }

  /** Lets a fault strike now, as the timeline's entry `index`. */
  strike(what: Fault | Stroke, index = 0): void {
    const { queue, faults } = this.cluster;
    const { forMs } = strokeOf(what);
    const active = faults.strike(at(0, what), { address: index, repetition: 0 }, 'the test');
    if (active === undefined || forMs === undefined) return;
    queue.schedule(queue.now + fromMs(forMs), () => faults.end(active, 'the test'));
  }

  /** Asks and does not wait. */
  submit(index: number, body: RequestBody): number {
    const process = this.client(index);
    let op = 0;
    process.run(() => {
      op = process.client.submit(body);
    });
    return op;
  }

  /** The answer to an operation, if it has come. */
  answer(index: number, op: number): RecordOf<'answered'> | undefined {
    return this.records('answered', this.client(index).party).find(({ event }) => event.op === op);
  }
}
