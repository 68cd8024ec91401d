import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'one-leader-per-epoch';

describe(NAME, () => {
  it('is quiet while leaders follow one another', () => {
    const trace = new TraceBuilder().lead(1, 1).lead(2, 2).lead(1, 3);
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBeGreaterThan(20);
  });

  it('allows two leaders to choose the same epoch, as only one gets it acknowledged', () => {
    const trace = new TraceBuilder();
    trace.emit(2, { type: 'epochFixed', epoch: 1, connecting: [1, 2].map(sid) });
    expect(trace.lead(1, 1).red).toEqual([]);
  });

  it('allows a leader to learn of its establishment after its successor', () => {
    const trace = new TraceBuilder().establish(1, 1);
    trace.establish(2, 3, { acks: [2, 3] });
    trace.emit(1, { type: 'established', epoch: 2, acks: [1, 3].map(sid), lastZxid: trace.zero, digest: 1 });
    expect(trace.red).toEqual([]);
  });

  it('is red when two servers are established in one epoch', () => {
    const trace = new TraceBuilder().lead(1, 1).establish(2, 1, { acks: [2, 3] });
    expect(trace.red).toContain(NAME);
    expect(trace.evidence(NAME)).toMatch(
      /^server 2 \(server2\) had its epoch acknowledged .* epoch 1 at \d+\.000 ms\nbut server 1/,
    );
  });

  it('is red when one server leads an epoch twice', () => {
    const trace = new TraceBuilder().lead(1, 1).lead(1, 1);
    expect(trace.red).toContain(NAME);
    expect(trace.evidence(NAME)).toMatch(
      /^server 1 .* had its epoch acknowledged .* at (\d+)\.000 ms\nbut server 1 .* as its leader at (?!\1)/,
    );
  });

  it('is red when an epoch is acknowledged by a minority', () => {
    const trace = new TraceBuilder().emit(3, { type: 'epochAcked', epoch: 4, acks: [sid(3)] });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      'only {3} had acknowledged the epoch, which is no quorum of {1, 2, 3}',
    );
  });

  it('is red when an epoch file goes back', () => {
    const trace = new TraceBuilder()
      .lead(1, 5)
      .emit(2, { type: 'epochWritten', file: 'acceptedEpoch', epoch: 4 });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /server 2 .* wrote its acceptedEpoch file: 4 at .*\nbut it had been at 5 before/,
    );
  });

  it('is red when a restarted server has forgotten its epoch', () => {
    const trace = new TraceBuilder().lead(1, 5);
    trace.emit(2, { type: 'started', incarnation: 2 });
    const recovered = {
      type: 'recovered',
      snapshotZxid: trace.zero,
      lastZxid: trace.zero,
      replayed: 0,
      tornRecords: 0,
      damagedSnapshots: 0,
      behindHole: 0,
    } as const;
    trace.emit(2, { ...recovered, acceptedEpoch: 5, currentEpoch: 4 });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('found currentEpoch 4');
  });

  it('is red when currentEpoch overtakes acceptedEpoch', () => {
    const trace = new TraceBuilder()
      .lead(1, 1)
      .emit(2, { type: 'epochWritten', file: 'currentEpoch', epoch: 2 });
    expect(trace.red).toEqual([NAME]);
  });
});
