import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { mixEvent } from '../../sim/fingerprint/events.ts';
import { Fingerprint } from '../../sim/fingerprint/fingerprint.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';
import { requestBodies, sampleEvents, samplePackets, sampleTxn, txnBodies } from '../support/samples.ts';

const hashOf = (event: TraceEvent, at = 1000, party = 2): string => {
  const fingerprint = new Fingerprint();
  mixEvent(fingerprint, at, party, event);
  return fingerprint.hex();
};

/** Every value that differs from this one in a single place: a leaf changed, an element or an optional part left out. */
function* variations(value: unknown): Generator {
  if (typeof value === 'number') {
    yield value + 1;
    yield value + 2 ** 40;
    yield -value - 1;
  } else if (typeof value === 'string') {
    yield `${value}x`;
    yield value.slice(1);
    yield value.slice(0, -1) + String.fromCharCode(value.charCodeAt(value.length - 1) ^ 1);
  } else if (typeof value === 'boolean') yield !value;
  else if (value === null) yield new Uint8Array(0);
  else if (value instanceof Uint8Array) yield* bytesVariations(value);
  else if (value instanceof Map) yield* mapVariations(value);
  else if (Array.isArray(value)) yield* listVariations(value);
  else if (typeof value === 'object') yield* objectVariations(value);
}

function* bytesVariations(bytes: Uint8Array): Generator {
  yield null;
  yield bytes.slice(1);
  for (let i = 0; i < bytes.length; i++) yield bytes.map((byte, j) => (i === j ? byte ^ 1 : byte));
}

function* mapVariations(map: ReadonlyMap<unknown, unknown>): Generator {
  for (const entries of listVariations([...map])) yield new Map(entries as [unknown, unknown][]);
}

function* listVariations(list: readonly unknown[]): Generator {
  for (let i = 0; i < list.length; i++) {
    yield list.toSpliced(i, 1);
    for (const other of variations(list[i])) yield list.with(i, other);
  }
}

/** Without `type` and `op`: those decide which fields there are. */
function* objectVariations(object: object): Generator {
  for (const [name, value] of Object.entries(object)) {
    if (name === 'type' || name === 'op') continue;
    if (isOptional(object, name)) yield without(object, name);
    if (name === 'malformed') continue;
    for (const other of variations(value)) yield { ...object, [name]: other };
  }
}

const isOptional = (object: object, name: string): boolean =>
  name === 'malformed' ||
  name === 'valid' ||
  (name === 'body' && 'err' in object) ||
  ('children' in object && 'stat' in object);
const without = (object: object, name: string): object =>
  Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));

const everyEvent: (readonly [string, TraceEvent])[] = [
  ...Object.entries(sampleEvents),
  ...Object.values(samplePackets).map((packet): [string, TraceEvent] => [
    `delivered ${packet.type}`,
    { type: 'delivered', from: 1, packet },
  ]),
  ...txnBodies.map((body): [string, TraceEvent] => [
    `proposed ${body.type}`,
    { type: 'proposed', epoch: 1, txn: sampleTxn(body) },
  ]),
  ...requestBodies.map((body): [string, TraceEvent] => [
    `invoked ${body.op}`,
    { type: 'invoked', op: 1, body },
  ]),
];

describe('the fingerprint', () => {
  test.each(everyEvent)('of %s changes with the time, the party and each of its fields', (_name, event) => {
    const original = hashOf(event);
    const others = [hashOf(event, 1001), hashOf(event, 1000, 3)];
    for (const other of objectVariations(event)) others.push(hashOf(other as TraceEvent));
    expect(new Set(others).has(original)).toBe(false);
    expect(hashOf(event)).toBe(original);
  });

  it('tells all samples apart', () => {
    const hashes = everyEvent.map(([, event]) => hashOf(event));
    const distinct = new Set(everyEvent.map(([, event]) => JSON.stringify(event)));
    expect(new Set(hashes).size).toBe(distinct.size);
  });

  it('depends on the order of events', () => {
    const [a, b] = [sampleEvents.paused, sampleEvents.resumed];
    const ab = new Fingerprint();
    const ba = new Fingerprint();
    for (const event of [a, b]) mixEvent(ab, 0, 1, event);
    for (const event of [b, a]) mixEvent(ba, 0, 1, event);
    expect(ab.hex()).not.toBe(ba.hex());
  });

  it('takes large data by its content, not by its identity', () => {
    const big = (last: number): TraceEvent => ({
      type: 'proposed',
      epoch: 1,
      txn: sampleTxn({
        type: 'setData',
        path: '/a',
        data: new Uint8Array(10_000).fill(7).with(9999, last),
        version: 1,
      }),
    });
    expect(hashOf(big(1))).toBe(hashOf(big(1)));
    expect(hashOf(big(1))).not.toBe(hashOf(big(2)));
  });

  it('has no collision among many short sequences of numbers', () => {
    const hashes = new Set<string>();
    for (let a = 0; a < 300; a++) {
      for (let b = 0; b < 300; b++) {
        const fingerprint = new Fingerprint();
        fingerprint.number(a);
        fingerprint.number(b);
        hashes.add(fingerprint.hex());
      }
    }
    expect(hashes.size).toBe(90_000);
  });

  it('tells any two whole numbers apart', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        const hash = (value: number): string => {
          const fingerprint = new Fingerprint();
          fingerprint.number(value);
          return fingerprint.hex();
        };
        expect(hash(a) === hash(b)).toBe(a === b);
      }),
    );
  });

  it('is the same in every process and on every machine', () => {
    const fingerprint = new Fingerprint();
    for (const [, event] of everyEvent) mixEvent(fingerprint, 123_456, 1, event);
    expect(fingerprint.hex()).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint.hex()).toMatchInlineSnapshot(`"272584064024f01a"`);
  });
});
