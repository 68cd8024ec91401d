import { describe, expect, it } from 'vitest';
import { NO_SESSION, sid } from '../../protocol/ids.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { CommittedLog } from '../../sim/checkers/committed-log.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';

const z = makeZxid;

class Leaders {
  readonly log: CommittedLog;

  constructor(initialCounter = 0) {
    this.log = new CommittedLog(initialCounter);
  }

  established(epoch: number, lastZxid: Zxid): this {
    return this.#emit({ type: 'established', epoch, acks: [sid(1)], lastZxid, digest: 0 });
  }

  proposed(...zxids: Zxid[]): this {
    for (const zxid of zxids) {
      const txn = {
        zxid,
        sessionId: NO_SESSION,
        cxid: 0,
        time: 0,
        body: { type: 'error', err: -1 },
      } as const;
      this.#emit({ type: 'proposed', epoch: 0, txn });
    }
    return this;
  }

  committed(...zxids: Zxid[]): this {
    for (const zxid of zxids) this.#emit({ type: 'committed', epoch: 0, zxid, acks: [sid(1)] });
    return this;
  }

  #emit(event: TraceEvent): this {
    this.log.onEvent(0, 1, event);
    return this;
  }
}

/** Epoch 1: 1 2 3 committed, 4 proposed. Epoch 3 starts after (1, 3): 1 committed, 2 proposed. */
const twoEpochs = (): CommittedLog =>
  new Leaders()
    .established(1, NO_TXNS)
    .proposed(z(1, 1), z(1, 2), z(1, 3), z(1, 4))
    .committed(z(1, 1), z(1, 2), z(1, 3))
    .established(3, z(1, 3))
    .proposed(z(3, 1), z(3, 2))
    .committed(z(3, 1)).log;

describe('the committed log', () => {
  it.each([
    [NO_TXNS, 0],
    [z(1, 0), 0],
    [z(1, 2), 2],
    [z(1, 3), 3],
    [z(3, 0), 3],
    [z(3, 1), 4],
    [z(1, 4), undefined],
    [z(3, 2), undefined],
    [z(2, 1), undefined],
    [z(2, 0), undefined],
  ])('has %d at position %s', (zxid, position) => {
    expect(twoEpochs().positionOf(zxid)).toBe(position);
  });

  it.each([
    [NO_TXNS, z(1, 4), true],
    [z(1, 2), z(1, 4), true],
    [z(1, 4), z(1, 2), false],
    [z(1, 3), z(3, 2), true],
    [z(1, 4), z(3, 2), false],
    [z(3, 0), z(1, 3), true],
    [z(1, 3), z(3, 0), true],
    [z(3, 1), z(1, 4), false],
    [z(1, 1), z(2, 5), false],
  ])('knows whether %d is a prefix of %d: %s', (shorter, longer, expected) => {
    expect(twoEpochs().isPrefix(shorter, longer)).toBe(expected);
  });

  it.each([
    [z(1, 4), z(1, 3)],
    [z(3, 2), z(3, 1)],
    [z(3, 0), z(1, 3)],
    [z(1, 2), z(1, 2)],
    [z(9, 9), NO_TXNS],
  ])('finds that of %d the part up to %d is committed', (zxid, expected) => {
    expect(twoEpochs().committedPartOf(zxid)).toBe(expected);
  });

  it('takes over the initial history of a leader that is established', () => {
    const leaders = new Leaders()
      .established(1, NO_TXNS)
      .proposed(z(1, 1), z(1, 2), z(1, 3))
      .committed(z(1, 1))
      .established(2, z(1, 3));
    expect(leaders.log.ruling).toBe('extended');
    expect([leaders.log.fresh, leaders.log.length, leaders.log.last]).toEqual([1, 3, z(1, 3)]);
  });

  it('walks through epochs in which nothing was committed', () => {
    const leaders = new Leaders()
      .established(1, NO_TXNS)
      .proposed(z(1, 1))
      .established(2, z(1, 1))
      .proposed(z(2, 1))
      .established(3, z(2, 1))
      .established(4, z(3, 0));
    expect(leaders.log.positionOf(z(4, 0))).toBe(2);
    expect(leaders.log.isPrefix(z(1, 1), z(4, 0))).toBe(true);
  });

  it('accepts a late commit, and a late establishment, of what a newer leader has in its history', () => {
    const leaders = new Leaders()
      .established(1, NO_TXNS)
      .proposed(z(1, 1))
      .established(3, z(1, 1))
      .committed(z(1, 1))
      .established(2, z(1, 1));
    expect(leaders.log.ruling).toBe('known');
    expect(leaders.log.forked).toBe(false);
  });

  it('finds the first counter where a leader begins elsewhere', () => {
    const leaders = new Leaders(100).established(1, NO_TXNS).proposed(z(1, 101)).committed(z(1, 101));
    expect(leaders.log.positionOf(z(1, 101))).toBe(1);
    expect(leaders.log.positionOf(z(1, 100))).toBe(0);
  });

  it.each([
    [
      'a history without a committed txn',
      () =>
        new Leaders().established(1, NO_TXNS).proposed(z(1, 1)).committed(z(1, 1)).established(2, NO_TXNS),
      'lost',
    ],
    [
      'a commit that skips one',
      () => new Leaders().established(1, NO_TXNS).proposed(z(1, 1), z(1, 2)).committed(z(1, 2)),
      'outOfOrder',
    ],
    ['a commit of nothing', () => new Leaders().established(1, NO_TXNS).committed(z(1, 1)), 'unproposed'],
    [
      'a history that nobody proposed',
      () => new Leaders().established(1, NO_TXNS).established(2, z(1, 1)),
      'unproposed',
    ],
    ['a zxid used twice', () => new Leaders().established(1, NO_TXNS).proposed(z(1, 1), z(1, 1)), 'taken'],
  ])('is forked by %s', (_, tell, ruling) => {
    const { log } = tell();
    expect([log.ruling, log.forked]).toEqual([ruling, true]);
  });
});
