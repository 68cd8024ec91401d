import type { ClientEvent } from '../protocol/client-events.ts';
import { NO_TXNS, formatZxid, type Zxid } from '../protocol/zxid.ts';
import { isResult } from '../sim/expectations/answers.ts';
import { counted, grouped } from './numbers.ts';
import type { Note } from './timeline-rows.ts';

/** What happens too often for a row of its own, summed up since the last row that showed it. */

/** A server's delivered txns. */
export class BulkCommits {
  #txns = 0;
  #lastZxid: Zxid = NO_TXNS;

  count(zxid: Zxid): void {
    this.#txns += 1;
    this.#lastZxid = zxid;
  }

  get isEmpty(): boolean {
    return this.#txns === 0;
  }

  /** The sum as a note, and a new start. */
  take(): Note[] {
    if (this.isEmpty) return [];
    const txns = counted(this.#txns, 'txn');
    const zxid = formatZxid(this.#lastZxid);
    const short = `+${grouped(this.#txns)}`;
    this.#txns = 0;
    return [
      {
        text: `+${txns} to ${zxid}`,
        shorter: [`${short} to ${zxid}`, `${short}→${zxid}`, `+${txns}`, short],
      },
    ];
  }
}

type ClientCount =
  'ok' | 'failed' | 'unknown' | 'connected' | 'dropped' | 'moved' | 'expired' | 'closed' | 'watches';

/** What the clients saw, all of them together. */
export class BulkClients {
  readonly #counts: Record<ClientCount, number> = noCounts();
  #total = 0;

  count(what: ClientCount): void {
    this.#counts[what] += 1;
    this.#total += 1;
  }

  get isEmpty(): boolean {
    return this.#total === 0;
  }

  /** The sums in words, and a new start. */
  take(): string[] {
    const counts = { ...this.#counts };
    Object.assign(this.#counts, noCounts());
    this.#total = 0;
    const say = (count: number, words: string): string[] => (count > 0 ? [`${grouped(count)} ${words}`] : []);
    return [
      ...say(counts.ok, 'ok'),
      ...say(counts.failed, 'failed'),
      ...say(counts.unknown, 'unknown'),
      ...say(counts.connected, 'connected'),
      ...say(counts.dropped, 'dropped'),
      ...say(counts.moved, 'moved'),
      ...say(counts.expired, 'expired'),
      ...say(counts.closed, 'closed'),
      ...say(counts.watches, counts.watches === 1 ? 'watch' : 'watches'),
    ];
  }
}

/** As expectations count it, so that a report and a scenario never differ: connection loss leaves open what happened. */
export function outcomeOf(answer: Extract<ClientEvent, { type: 'answered' }>): 'ok' | 'failed' | 'unknown' {
  if (isResult('ok', answer)) return 'ok';
  return isResult('unknown', answer) ? 'unknown' : 'failed';
}

const noCounts = (): Record<ClientCount, number> => ({
  ok: 0,
  failed: 0,
  unknown: 0,
  connected: 0,
  dropped: 0,
  moved: 0,
  expired: 0,
  closed: 0,
  watches: 0,
});
