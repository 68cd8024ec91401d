import { defined } from '../../protocol/assert.ts';
import type { EnsembleConfig } from '../../protocol/config.ts';
import { isCalm } from '../../sim/calm/level.ts';
import type { DataFault, DiskFault } from '../../sim/fault-plan.ts';
import { Ensemble } from './ensemble.ts';
import { serverTarget, type Stroke } from './faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from './plans.ts';
import { createNode } from './requests.ts';

/**
 * Three servers of which 3 leads; client i's only server is i + 1, and all of them are connected. An fsync takes a millisecond, a tick is
 * 500 ms.
 */
export class DiskStory extends Ensemble {
  #written = 0;

  constructor(config: Partial<EnsembleConfig> = {}, observers = 0) {
    const servers = serverSpecs(3, observers);
    const clients = servers.map((spec) => clientPlan(`at${spec.sid}`, [spec], { sessionTimeoutMs: 3000 }));
    super(runPlan(ensembleOf(servers, { tickTime: 500, ...config }), { clients }));
    this.untilServing();
    for (const index of clients.keys()) this.connect(index);
    this.forMs(100);
  }

  /** So many writes through a server, each acknowledged. Answers their paths. */
  write(count: number, through = 3): readonly string[] {
    return Array.from({ length: count }, () => {
      const path = `/n${++this.#written}`;
      this.#expectOk(this.request(through - 1, createNode(path)).err, path);
      return path;
    });
  }

  #expectOk(err: number, path: string): void {
    if (err !== 0) throw new Error(`creating ${path} failed: ${err}`);
  }

  /** Which of these paths this server has in its tree. */
  has(server: number, paths: readonly string[]): readonly string[] {
    const { peer } = this.server(server);
    return paths.filter((path) => peer?.znode(path) !== undefined);
  }

  untilCalm(limitMs = 60_000): void {
    this.until(() => isCalm(this.cluster.cast), limitMs);
  }

  restart(server: number): void {
    this.strike({ kind: 'restart', target: [serverTarget(server)] });
  }

  /** The last recovery of this server. */
  recovery(server: number) {
    return defined(this.events('recovered', this.server(server).party).at(-1), 'a recovery');
  }

  /** How the leader of the time brought this server up to date, each time. */
  syncs(server: number): readonly string[] {
    return this.events('syncDecision')
      .filter(({ learner }) => learner === this.server(server).sid)
      .map(({ mode }) => mode);
  }

  get epochs(): readonly number[] {
    return this.events('established').map(({ epoch }) => epoch);
  }
}

/** A fault of this server's disk, and how long it lasts. */
export const onDisk = (
  server: number,
  kind: 'stallDisk' | 'fullDisk' | 'failWrites',
  forMs?: number,
): Stroke => ({ fault: { kind, target: [serverTarget(server)] }, forMs });

export const flipBit = (server: number, where: 'log' | 'snapshot'): DiskFault => ({
  kind: 'flipBit',
  where,
  target: [serverTarget(server)],
});

/** With a restart half a second later, unless that is undefined. */
export const onData = (
  server: number,
  kind: 'loseSnapshot' | 'loseLog' | 'wipe' | 'restore',
  restartAfterMs: number | undefined = 500,
): DiskFault | DataFault => ({ kind, target: [serverTarget(server)], restartAfterMs });
