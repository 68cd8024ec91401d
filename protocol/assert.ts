/**
 * Our own bugs. An assertion that fails says that Zabsim is wrong, never that ZooKeeper is: it stops the run, and the
 * command line reports it with seed, time and the last events (exit status 70). What ZooKeeper tolerates is not asserted.
 */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** PERF: `why` is a function where the text would be put together in vain millions of times. */
export function assert(condition: boolean, why: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionFailure(textOf(why));
}

/** For the default branch of an exhaustive switch: a new variant fails to compile here. */
export function unreachable(value: never, where: string): never {
  throw new AssertionFailure(`${where}: unexpected ${JSON.stringify(value)}`);
}

/** The value, which the surrounding code knows to be there. */
export function defined<T>(value: T | undefined | null, what: string | (() => string)): T {
  if (value === undefined || value === null) throw new AssertionFailure(`${textOf(what)} is missing`);
  return value;
}

const textOf = (text: string | (() => string)): string => (typeof text === 'string' ? text : text());
