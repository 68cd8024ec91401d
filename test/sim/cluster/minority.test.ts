import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { isCalm } from '../../../sim/calm/level.ts';
import type { Target } from '../../../sim/fault-plan.ts';
import type { SimulatedServer } from '../../../sim/process/simulated-server.ts';
import { toMs } from '../../../sim/time.ts';
import { Ensemble, type RecordOf } from '../../support/ensemble.ts';
import { clientTarget, HEAL, partition, serverTarget } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode, readNode, readText, writeNode } from '../../support/requests.ts';

const TICK_MS = 500;
const CUT_MS = 12_000;
const ASK_EVERY_MS = 100;
/** What was acknowledged by a quorum before the cut may still be on its way through the server's own stages. */
const SHORTLY_MS = 20;

/**
 * An ensemble with a writer and a reader on each server; those on one server of the minority and on one outside take part. A reader
 * of its own, because a session's reads wait for its writes.
 */
class CutInTwo {
  readonly ensemble: Ensemble;
  readonly inside: readonly [writer: number, reader: number];
  readonly outside: readonly [writer: number, reader: number];
  readonly #minority: readonly SimulatedServer[];
  #asked = 0;

  constructor(servers: number, withLeader: boolean, seed: string) {
    const specs = serverSpecs(servers);
    const clients = ['writer', 'reader'].flatMap((what) =>
      specs.map((spec) => clientPlan(`${what}${spec.sid}`, [spec])),
    );
    this.ensemble = new Ensemble(runPlan(ensembleOf(specs, { tickTime: TICK_MS }), { clients }), seed);
    this.ensemble.untilServing();
    const { leader, followers } = this.ensemble;
    const chosen = withLeader ? [leader, ...followers] : followers;
    this.#minority = chosen.slice(0, (servers - 1) / 2);
    this.inside = this.#clientsOf(defined(this.#minority[0], 'a server of the minority'));
    this.outside = this.#clientsOf(defined(followers.at(-1), 'a server of the majority'));
    for (const client of [...this.inside, ...this.outside]) this.ensemble.connect(client);
    this.ensemble.request(this.outside[0], createNode('/x', '0'));
  }

  cut(): void {
    const { servers } = this.ensemble.cluster.cast;
    const isSmall = (server: SimulatedServer): boolean => this.#minority.includes(server);
    const small = servers.filter(isSmall).map((server) => serverTarget(server.sid));
    const large = servers.filter((server) => !isSmall(server)).map((server) => serverTarget(server.sid));
    this.ensemble.strike(
      partition([
        [...small, ...this.#targets(this.inside)],
        [...large, ...this.#targets(this.outside)],
      ]),
    );
  }

  /** On both sides one client writes and one reads, all the time. */
  ask(forMs: number): void {
    for (let left = forMs; left > 0; left -= ASK_EVERY_MS) {
      for (const [writer, reader] of [this.inside, this.outside]) {
        this.ensemble.submit(writer, writeNode('/x', String(++this.#asked)));
        this.ensemble.submit(reader, readNode('/x'));
      }
      this.ensemble.forMs(ASK_EVERY_MS);
    }
  }

  /** What a client got a reply to, between two virtual times (ms). */
  replies(client: number, fromMs = 0, untilMs = Infinity): readonly RecordOf<'answered'>[] {
    return this.ensemble
      .records('answered', this.ensemble.client(client).party)
      .filter(({ at, event }) => event.zxid > 0 && toMs(at) >= fromMs && toMs(at) < untilMs);
  }

  #clientsOf(server: SimulatedServer): readonly [number, number] {
    return [server.sid - 1, this.ensemble.cluster.cast.servers.length + server.sid - 1];
  }

  #targets(clients: readonly number[]): readonly Target[] {
    return clients.map((client) => clientTarget(this.ensemble.client(client).name));
  }
}

const CASES = [3, 5].flatMap((servers) =>
  [true, false].flatMap((withLeader) =>
    ['1', '2', '3'].map((seed) => [servers, withLeader ? 'with' : 'without', seed] as const),
  ),
);

describe.each(CASES)(
  '%i servers, a minority %s the leader cut off with clients, seed %s:',
  (servers, leader, seed) => {
    const story = new CutInTwo(servers, leader === 'with', seed);
    const { ensemble } = story;
    const [writerInside, readerInside] = story.inside;
    const [writerOutside] = story.outside;
    story.ask(1000);
    const cutMs = ensemble.nowMs;
    story.cut();
    story.ask(CUT_MS);
    const healedMs = ensemble.nowMs;
    ensemble.strike(HEAL);
    ensemble.until(() => isCalm(ensemble.cluster.cast));
    story.ask(5000);
    ensemble.until(() => isCalm(ensemble.cluster.cast));

    it('not one write is acknowledged there while it lasts', () => {
      expect(story.replies(writerInside, 0, cutMs).length).toBeGreaterThan(5);
      expect(story.replies(writerInside, cutMs + SHORTLY_MS, healedMs)).toEqual([]);
    });

    it('reads there go on for a while and show what was there before', () => {
      const during = story.replies(readerInside, cutMs + SHORTLY_MS, healedMs);
      expect(during.length).toBeGreaterThan(10);
      expect(new Set(during.map(({ event }) => readText(event))).size).toBe(1);
    });

    it('no reader ever goes back', () => {
      for (const [, reader] of [story.inside, story.outside]) {
        const zxids = story.replies(reader).map(({ event }) => event.zxid);
        expect(zxids).toEqual([...zxids].sort((a, b) => a - b));
        const versions = story.replies(reader).map(({ event }) => event.body?.stat?.version ?? -1);
        expect(versions).toEqual([...versions].sort((a, b) => a - b));
      }
    });

    it('the majority goes on', () => {
      const written = story.replies(writerOutside, cutMs + SHORTLY_MS, healedMs);
      expect(written.filter(({ event }) => event.err === ErrorCode.OK).length).toBeGreaterThan(60);
    });

    it('afterwards both sides write, and all servers are equal', () => {
      expect(story.replies(writerInside, healedMs).length).toBeGreaterThan(10);
      expect(story.replies(writerOutside, healedMs).length).toBeGreaterThan(40);
      const digests = ensemble.cluster.cast.servers.map((server) => server.peer?.view.digest);
      expect(new Set(digests).size).toBe(1);
    });
  },
);
