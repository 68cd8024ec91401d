import { describe, expect, it } from 'vitest';
import { assert, AssertionFailure, defined } from '../../protocol/assert.ts';

describe('an assertion', () => {
  const neverAsked = (): string => {
    throw new Error('the text was put together in vain');
  };

  it('that holds never puts its text together', () => {
    expect(() => assert(true, neverAsked)).not.toThrow();
    expect(defined(0, neverAsked)).toBe(0);
  });

  it('that fails says why, whether the text was there or had to be made', () => {
    expect(() => assert(false, 'a reason')).toThrow(new AssertionFailure('a reason'));
    expect(() => assert(false, () => 'a reason')).toThrow(new AssertionFailure('a reason'));
    expect(() => defined(undefined, 'a thing')).toThrow(new AssertionFailure('a thing is missing'));
    expect(() => defined(null, () => 'a thing')).toThrow(new AssertionFailure('a thing is missing'));
  });
});
