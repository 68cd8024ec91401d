import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { formatTraceEvent } from '../../sim/trace-format.ts';
import { firstDifference, Trace, TraceRecorder } from '../../sim/trace.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';
import { sampleEvents, samplePackets } from '../support/samples.ts';

const started = (incarnation: number): TraceEvent => ({ type: 'started', incarnation });

describe('the trace', () => {
  it('hands every event to every sink, in order', () => {
    const trace = new Trace();
    const sinks = [new TraceRecorder(), new TraceRecorder()];
    for (const sink of sinks) trace.addSink(sink);
    trace.record(1, 2, started(1));
    trace.record(5, -2, started(2));
    for (const sink of sinks) {
      expect(sink.records).toEqual([
        { at: 1, party: 2, event: started(1) },
        { at: 5, party: -2, event: started(2) },
      ]);
    }
    expect(trace.count).toBe(2);
  });

  it('remembers the last 50 events', () => {
    const trace = new Trace();
    expect(trace.recent).toEqual([]);
    for (let n = 1; n <= 120; n++) trace.record(n, 1, started(n));
    expect(trace.recent.map((record) => record.at)).toEqual(Array.from({ length: 50 }, (_, i) => 71 + i));
    expect(trace.recent.at(-1)).toEqual({ at: 120, party: 1, event: started(120) });
  });

  it('has the same fingerprint for the same events, and another after one more', () => {
    const [a, b] = [new Trace(), new Trace()];
    for (const trace of [a, b]) for (const event of Object.values(sampleEvents)) trace.record(7, 1, event);
    expect(a.fingerprint()).toBe(b.fingerprint());
    b.record(8, 1, { type: 'calmBegan' });
    expect(a.fingerprint()).not.toBe(b.fingerprint());
  });
});

describe('the first difference of two traces', () => {
  const record = (at: number, event: TraceEvent) => ({ at, party: 1, event });
  const run = [record(1, started(1)), record(2, sampleEvents.delivered), record(3, started(2))];

  it('is nothing when they are the same', () => {
    expect(firstDifference(run, structuredClone(run))).toBeUndefined();
  });

  it('is the first event that differs in time, party or content', () => {
    const other = run.with(1, record(2, { type: 'delivered', from: 2, packet: samplePackets.ACK }));
    expect(firstDifference(run, other)).toEqual({ index: 1, first: run[1], second: other[1] });
    expect(firstDifference(run, run.with(0, record(9, started(1))))?.index).toBe(0);
  });

  it('is where the shorter one ends', () => {
    expect(firstDifference(run, run.slice(0, 2))).toEqual({ index: 2, first: run[2], second: undefined });
  });
});

describe('a formatted trace event', () => {
  it('is one plain line with time, party, type and fields', () => {
    expect(formatTraceEvent(12_004_210, 2, sampleEvents.elected)).toBe(
      '12.004210s server 2  elected leader=3 round=1 zxid=0x300000004 peerEpoch=3 path=looking',
    );
    expect(formatTraceEvent(0, -1, sampleEvents.calmBegan)).toBe('0.000000s world     calmBegan');
  });

  it('shows nested packets, txns and requests by name, data by size, parties by name', () => {
    const lines = [
      formatTraceEvent(1, -3, sampleEvents.invoked),
      formatTraceEvent(1, 1, { type: 'delivered', from: -2, packet: samplePackets.PING }),
      formatTraceEvent(1, 1, { type: 'delivered', from: 3, packet: samplePackets.SNAP }),
      formatTraceEvent(1, 1, sampleEvents.fault),
      formatTraceEvent(1, 1, { type: 'ignored', what: '', reason: 'nobody asked' }),
      formatTraceEvent(1, 1, {
        type: 'epochAcked',
        epoch: 2,
        acks: [sid(1), sid(2)],
      }),
      formatTraceEvent(1, 1, { type: 'logFlushed', zxid: makeZxid(1, 15) }),
    ];
    expect(lines.map((line) => line.slice(20))).toMatchInlineSnapshot(`
      [
        "invoked op=1 body=setData{path=/a data=<1 bytes> version=5 malformed=true}",
        "delivered from=client/0 packet=PING{zxid=0x300000004 touched=[{sessionId=0x100000000000001 timeOut=4000}]}",
        "delivered from=server/3 packet=SNAP{zxid=0x300000004 snapshot={zxid=0x100000003 sessions=<1 entries> nodes=<2 nodes>}}",
        "fault kind=crash text='crash: leader' cause='at 8000 ms' struck=[server/1,server/2]",
        "ignored what='' reason='nobody asked'",
        "epochAcked epoch=2 acks=[1,2]",
        "logFlushed zxid=0x10000000f",
      ]
    `);
  });

  it('is a single line for every type there is', () => {
    for (const event of Object.values(sampleEvents)) {
      const line = formatTraceEvent(1_000_000, 1, event);
      expect(line).toMatch(/^1\.000000s server 1  \w+/);
      expect(line).not.toMatch(/\n|undefined|object/);
    }
  });
});
