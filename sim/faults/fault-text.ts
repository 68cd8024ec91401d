import { distributionWords, qualityWords } from '../plan-text/distributions.ts';
import { whenWords } from '../plan-text/events.ts';
import { flowPairs, type Flow, type FlowMap } from '../plan-text/flow.ts';
import type { NameOf } from '../plan-text/names.ts';
import { driftText, rateText, timeText } from '../plan-text/quantities.ts';
import { targetWord, targetWords } from '../plan-text/targets.ts';
import type { Ending, Fault, FaultOf, Target } from '../fault-plan.ts';
import type { Distribution } from '../world-plan.ts';

/**
 * A fault as a scenario file says it, without what sets it off: `partition: [[zk1, zk2], rest], for: 4s`. Defaults are left out. It is what
 * reports call the fault and the key of its draws, so a run that was drawn and the file that it was saved to strike alike.
 */
export const faultText = (fault: Fault, ending: Ending | undefined, nameOf: NameOf): string =>
  flowPairs({ ...new FaultWords(nameOf).of(fault), ...endingWords(ending, nameOf) });

function endingWords(ending: Ending | undefined, nameOf: NameOf): FlowMap {
  switch (ending?.kind) {
    case undefined:
      return {};
    case 'for':
      return { for: timeText(ending.ms) };
    case 'until':
      return { until: timeText(ending.atMs) };
    case 'untilNext':
      return { until: 'next' };
    case 'untilEvent':
      return { until: whenWords(ending, nameOf) };
  }
}

class FaultWords {
  readonly #nameOf: NameOf;

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf;
  }

  of(fault: Fault): FlowMap {
    switch (fault.kind) {
      case 'restart':
        return { restart: this.#targets(fault.target), release: fault.release };
      case 'pause':
      case 'resume':
      case 'bridge':
      case 'ring':
      case 'isolate':
      case 'clog':
      case 'stallDisk':
      case 'fullDisk':
      case 'failWrites':
      case 'backup':
        return { [fault.kind]: this.#targets(fault.target) };
      case 'loseSnapshot':
      case 'loseLog':
      case 'wipe':
      case 'restore':
        return { [fault.kind]: this.#targets(fault.target), restartAfter: timeOrNot(fault.restartAfterMs) };
      case 'crash':
        return this.#crash(fault);
      case 'slowCpu':
        return { slowCpu: this.#targets(fault.target), stage: distributionWords(fault.stage) };
      case 'partition':
        return {
          partition: fault.groups.map((group) => this.#targets(group)),
          oneWay: trueOrNot(fault.oneWay),
        };
      case 'flap': {
        const { between, downMs, upMs } = fault;
        return { flap: this.#sides(between), down: timeText(downMs), up: timeText(upMs) };
      }
      case 'hold':
        return { hold: this.#sides(fault.between), oneWay: trueOrNot(fault.oneWay) };
      case 'release':
        return { release: this.#sides(fault.between) };
      case 'swizzle':
        return { swizzle: this.#targets(fault.target), within: timeText(fault.withinMs) };
      case 'link': {
        const { between, oneWay, change } = fault;
        return { link: this.#sides(between), oneWay: trueOrNot(oneWay), ...qualityWords(change) };
      }
      case 'disconnect':
        return { disconnect: this.#sides(fault.between), told: unless('both', fault.told) };
      case 'refuse':
      case 'fullBacklog':
        return { [fault.kind]: this.#targets(fault.target), port: unless('all', fault.port) };
      case 'slowDisk':
        return this.#slowDisk(fault);
      case 'flipBit':
        return { flipBit: this.#targets(fault.target), in: unless('log', fault.where) };
      case 'copyData':
        return {
          copyData: this.#targets(fault.target),
          source: targetWord(fault.from, this.#nameOf),
          restartAfter: timeOrNot(fault.restartAfterMs),
        };
      case 'clock':
        return this.#clock(fault);
      case 'flood': {
        const { target, connections, sessions } = fault;
        return { flood: this.#targets(target), connections, sessions: trueOrNot(sessions) };
      }
      case 'expire':
        return { expire: this.#targets(fault.target), password: fault.password };
      case 'heal':
        return { heal: 'all' };
    }
  }

  #crash({ target, silent, lose, after, restartAfterMs, forGood }: FaultOf<'crash'>): FlowMap {
    return {
      crash: this.#targets(target),
      power: silent ? 'lost' : undefined,
      lose: unless(silent ? 'some' : 'none', lose),
      afterEffects: after?.unit === 'effects' ? after.count : undefined,
      afterWrites: after?.unit === 'writes' ? after.count : undefined,
      restartAfter: timeOrNot(restartAfterMs),
      forGood: trueOrNot(forGood),
    };
  }

  #slowDisk({ target, fsync, throughput }: FaultOf<'slowDisk'>): FlowMap {
    return {
      slowDisk: this.#targets(target),
      fsync: wordsOrNot(fsync),
      throughput: throughput === undefined ? undefined : rateText(throughput),
    };
  }

  #clock({ target, stepMs, driftPpm, freeze }: FaultOf<'clock'>): FlowMap {
    return {
      clock: this.#targets(target),
      step: timeOrNot(stepMs),
      drift: driftPpm === undefined ? undefined : driftText(driftPpm),
      freeze,
    };
  }

  #targets(targets: readonly Target[]): Flow {
    return targetWords(targets, this.#nameOf);
  }

  #sides(between: readonly (readonly Target[])[]): Flow {
    return between.map((side) => this.#targets(side));
  }
}

const unless = (usual: string, word: string): string | undefined => (word === usual ? undefined : word);
const trueOrNot = (flag: boolean): true | undefined => (flag ? true : undefined);
const timeOrNot = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : timeText(ms);
const wordsOrNot = (distribution: Distribution | undefined): Flow | undefined =>
  distribution && distributionWords(distribution);
