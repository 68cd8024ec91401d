import { nearestWord } from '../../../protocol/nearest-word.ts';
import { isPromise, PROMISES, type PromiseName } from '../../checkers/promise-names.ts';
import type { PromiseResult, RunResult } from '../../result.ts';
import { expectationsText, keptText, livenessText, promiseText } from './failure-text.ts';
import { reproduction } from './reproduction.ts';

/** What a matcher says of a result. `message` is asked for only when the test fails. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Which test it is in: what it saves is called by that. */
export interface TestPlace {
  readonly testPath?: string | undefined;
  readonly currentTestName?: string | undefined;
  /** Where `.zabsim` is; undefined: here. */
  readonly folder?: string;
}

/** As in a run's verdict: what a fault outside of the fault model had voided before does not count as broken. */
const isBroken = ({ kept, voidedBy, unknown }: PromiseResult): boolean =>
  !kept && voidedBy === undefined && unknown === undefined;
/** Nor does what can't be told count as kept. */
const isKept = ({ kept, voidedBy }: PromiseResult): boolean => kept || voidedBy !== undefined;

export function toKeepEveryPromise(received: unknown, place: TestPlace): Verdict {
  const result = resultOf(received);
  const missed = result.promises.filter((promise) => !isKept(promise));
  return {
    pass: missed.length === 0,
    message: () =>
      missed.length === 0
        ? `expected a promise to be broken, and all ${result.promises.length} were kept\n${reproduction(result, place)}`
        : `${missed.map(promiseText).join('\n')}\n${reproduction(result, place, missed.find(isBroken)?.name)}`,
  };
}

export function toKeepPromise(received: unknown, name: PromiseName, place: TestPlace): Verdict {
  const result = resultOf(received);
  const promise = promiseOf(result, name);
  const pass = isKept(promise);
  return {
    pass,
    message: () =>
      pass
        ? `expected ${name} not to be kept: ${keptText(promise)}\n${reproduction(result, place)}`
        : `${promiseText(promise)}\n${reproduction(result, place, isBroken(promise) ? name : undefined)}`,
  };
}

export function toBreakPromise(received: unknown, name: PromiseName, place: TestPlace): Verdict {
  const result = resultOf(received);
  const promise = promiseOf(result, name);
  const pass = isBroken(promise);
  return {
    pass,
    message: () =>
      pass
        ? `${promiseText(promise)}\n${reproduction(result, place, name)}`
        : `expected ${name} to be broken: ${keptText(promise)}\n${reproduction(result, place)}`,
  };
}

/** A scenario without expectations meets none: whoever asks has forgotten them. */
export function toMeetEveryExpectation(received: unknown, place: TestPlace): Verdict {
  const result = resultOf(received);
  const { expectations } = result;
  const pass = expectations.length > 0 && expectations.every(({ met }) => met);
  return { pass, message: () => `${expectationsText(expectations)}\n${reproduction(result, place)}` };
}

/** An excuse is none here: whoever wants to allow one can ask for the promise `liveness`. */
export function toBeLive(received: unknown, place: TestPlace): Verdict {
  const result = resultOf(received);
  const { live } = result.liveness;
  return { pass: live, message: () => `${livenessText(result)}\n${reproduction(result, place)}` };
}

function resultOf(received: unknown): RunResult {
  const isResult = typeof received === 'object' && received !== null && 'promises' in received;
  if (!isResult) throw new TypeError('expected the result of a run: expect(simulate(…))');
  return received as RunResult;
}

function promiseOf({ promises }: RunResult, name: string): PromiseResult {
  const promise = promises.find((promise) => promise.name === name);
  if (promise !== undefined) return promise;
  const nearest = nearestWord(name, PROMISES);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new TypeError(
    isPromise(name)
      ? `the result says nothing of ${name}`
      : `there is no promise \`${name}\`: expected one of ${PROMISES.join(', ')}${hint}`,
  );
}
