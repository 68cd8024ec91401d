import type { Sid } from '../../protocol/ids.ts';
import { formatZxid, type Zxid } from '../../protocol/zxid.ts';
import { serverParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { FinalServer } from './final-server.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

interface Serving {
  readonly sid: Sid;
  readonly lastZxid: Zxid;
  readonly digest: number;
}

/** Those that serve, whose trees are to be compared. */
function servingOnes(servers: readonly FinalServer[]): readonly Serving[] {
  return servers.flatMap(({ sid, up, serving, lastZxid, digest }) =>
    up && serving && lastZxid !== undefined && digest !== undefined ? [{ sid, lastZxid, digest }] : [],
  );
}

/**
 * Source: the documented "timeliness"/eventual consistency, made exact: once the faults have stopped, every server that can be there serves
 * the same tree within `calmMs`. That anybody serves at all is liveness.ts's to judge.
 * Reads: calmBegan, calmReached, and the final state that the simulation hands over. Cost: nothing while the run goes.
 * Allowed: a calm that is called as soon as all trees are equal may find a deposed leader that has not noticed yet, and lacks txns that
 * changed nothing (error txns); a server that is lost for good, or refuses to start, is not asked (liveness.ts checks that it is so);
 * while nobody serves nobody is behind; a leader at (e, 0) is level with followers at the base of e.
 * Red: a server that stays behind, stays down, looks for ever, or has another digest.
 */
export class ServersEqual extends PromiseChecker {
  readonly name = 'servers-equal';
  readonly promise =
    'Once the faults stop, every server that can be there serves the same tree within the stated time.';
  readonly reads: readonly TraceEventType[] = ['calmBegan', 'calmReached'];
  readonly #seen: Observed;
  #calmBegan: Micros | undefined;
  #calmReached: Micros | undefined;

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, _party: Party, event: TraceEvent): void {
    if (event.type === 'calmBegan') this.#calmBegan = at;
    else if (event.type === 'calmReached') this.#calmReached = at;
  }

  /** Judges the end of a run that had its calm; `servers` are all of the ensemble's. */
  onFinalState(servers: readonly FinalServer[]): void {
    if (this.#calmBegan === undefined) return;
    if (servers.some(({ serving }) => serving)) {
      for (const server of servers) if (server.absence === undefined) this.#mustServe(server);
    }
    const [first, ...others] = servingOnes(servers);
    if (first === undefined) return;
    this.#mustBeCommitted(first);
    for (const other of others) this.#mustEqual(first, other);
  }

  #mustServe(server: FinalServer): void {
    if (server.serving) this.kept();
    else
      this.contradicted(
        { until: Number.POSITIVE_INFINITY, parties: [serverParty(server.sid)] },
        `${this.#who(server)} is ${server.up ? 'up but does not serve' : 'down'} at the end of the run`,
        `although others serve, and ${this.#calm()}`,
      );
  }

  #mustBeCommitted(server: Serving): void {
    if (this.#seen.log.positionOf(server.lastZxid) !== undefined) this.kept();
    else
      this.contradicted(
        {
          until: Number.POSITIVE_INFINITY,
          zxids: [server.lastZxid, this.#seen.log.last],
          parties: [serverParty(server.sid)],
        },
        `${this.#who(server)} serves a tree at ${formatZxid(server.lastZxid)} at the end of the run`,
        `but the committed log ends at ${formatZxid(this.#seen.log.last)}`,
      );
  }

  #mustEqual(first: Serving, other: Serving): void {
    const isLevel = this.#isLevel(first.lastZxid, other.lastZxid);
    if (isLevel && first.digest === other.digest) this.kept();
    else
      this.contradicted(
        {
          until: Number.POSITIVE_INFINITY,
          zxids: [first.lastZxid, other.lastZxid],
          parties: [serverParty(first.sid), serverParty(other.sid)],
        },
        `${this.#who(first)} ends at ${formatZxid(first.lastZxid)} with digest ${first.digest.toString(16)}`,
        `but ${this.#who(other)} ends at ${formatZxid(other.lastZxid)} with digest ${other.digest.toString(16)}`,
        this.#calm(),
      );
  }

  #isLevel(a: Zxid, b: Zxid): boolean {
    const { log } = this.#seen;
    if (this.#calmReached !== undefined)
      return log.positionOf(a) !== undefined && log.positionOf(b) !== undefined;
    return a === b || (log.isPrefix(a, b) && log.isPrefix(b, a));
  }

  #calm(): string {
    const began = `the faults stopped ${when(this.#calmBegan ?? 0)}`;
    const { calmMs } = this.#seen.plan;
    return this.#calmReached === undefined
      ? `${began}, and calm was not reached within ${String(calmMs)} ms`
      : `${began}, and calm was reached ${when(this.#calmReached)}`;
  }

  #who(server: { readonly sid: Sid }): string {
    return this.#seen.names.who(serverParty(server.sid));
  }
}
