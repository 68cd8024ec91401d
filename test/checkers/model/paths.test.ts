import { describe, expect, it } from 'vitest';
import { isValidPath, parentOf, sequenceSuffix } from '../../../sim/checkers/model/paths.ts';

describe('path rules', () => {
  it.each(['/', '/a', '/a/b', '/...', '/.a', '/a b', '/\u00a0', '/\uf900'])('accept %j', (path) => {
    expect(isValidPath(path)).toBe(true);
  });

  it.each([
    '',
    'a',
    '/a/',
    '//a',
    '/a//b',
    '/.',
    '/a/..',
    '/a/./b',
    '/\u0001',
    '/\u007f',
    '/\ud800',
    '/\ufff0',
  ])('refuse %j', (path) => {
    expect(isValidPath(path)).toBe(false);
  });

  it.each([
    ['/a', '/'],
    ['/a/b', '/a'],
    ['/a/', '/a'],
    ['//a', '/'],
  ])('the parent of %s is %s', (path, parent) => {
    expect(parentOf(path)).toBe(parent);
  });

  it('sequence numbers have ten digits at least', () => {
    expect([sequenceSuffix(0), sequenceSuffix(2147483647)]).toEqual(['0000000000', '2147483647']);
  });
});
