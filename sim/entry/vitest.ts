/** `zabsim/vitest`: imported once, by a test or a set-up file, it gives `expect` matchers for the results of runs. */
import { expect } from 'vitest';
import type { PromiseName } from '../checkers/promise-names.ts';
import * as matchers from './matchers/matchers.ts';

expect.extend({
  toKeepEveryPromise(received: unknown) {
    return matchers.toKeepEveryPromise(received, this);
  },
  toKeepPromise(received: unknown, name: PromiseName) {
    return matchers.toKeepPromise(received, name, this);
  },
  toBreakPromise(received: unknown, name: PromiseName) {
    return matchers.toBreakPromise(received, name, this);
  },
  toMeetEveryExpectation(received: unknown) {
    return matchers.toMeetEveryExpectation(received, this);
  },
  toBeLive(received: unknown) {
    return matchers.toBeLive(received, this);
  },
});

declare module 'vitest' {
  interface Matchers<T> {
    /** None but those that a fault outside of the fault model had voided before. */
    toKeepEveryPromise(this: Matchers<T>): void;
    toKeepPromise(this: Matchers<T>, name: PromiseName): void;
    /** By ZooKeeper's own doing. */
    toBreakPromise(this: Matchers<T>, name: PromiseName): void;
    /** Of the scenario, which must have some. */
    toMeetEveryExpectation(this: Matchers<T>): void;
    /** Once all faults had ended a write was answered, and somebody leads. */
    toBeLive(this: Matchers<T>): void;
  }
}
