import { describe, expect, it } from 'vitest';
import {
  childName,
  hasPathShape,
  isSpecialPath,
  parentPath,
  pathProblem,
  sequentialPath,
  watchedPath,
} from '../../protocol/database/path.ts';

describe('pathProblem', () => {
  it.each([
    '/',
    '/a',
    '/a/b',
    '/.a',
    '/a.',
    '/...',
    '/..a/b..',
    '/a b',
    '/\u00a0',
    '/é中',
    '/\uf900',
    '/\uffef',
  ])('accepts %j', (path) => expect(pathProblem(path)).toBeUndefined());

  it.each([
    ['', 'empty'],
    ['a', 'start'],
    ['a/b', 'start'],
    ['/a/', 'ends'],
    ['//', 'ends'],
    ['//a', 'empty name at 1'],
    ['/a//b', 'empty name at 3'],
    ['/.', 'relative name at 1'],
    ['/a/..', 'relative name at 3'],
    ['/../a', 'relative name at 1'],
    ['/a/./b', 'relative name at 3'],
    ['/a\0b', 'character at 2'],
    ['/a\u0001', 'character at 2'],
    ['/\u001f', 'character'],
    ['/\u007f', 'character'],
    ['/\u009f', 'character'],
    ['/\ud800', 'character'],
    ['/\uf8ff', 'character'],
    ['/\ufff0', 'character'],
    ['/😀', 'character'],
  ])('refuses %j: %s', (path, why) => expect(pathProblem(path)).toContain(why));
});

describe('path arithmetic', () => {
  it.each([
    ['/a', '', 'a'],
    ['/a/b', '/a', 'b'],
    ['/a/', '/a', ''],
    ['/', '', ''],
  ])('%s is a child of %j named %j', (path, parent, name) => {
    expect([parentPath(path), childName(path)]).toEqual([parent, name]);
  });

  it('calls the root / where watches are concerned', () => {
    expect([watchedPath(''), watchedPath('/a')]).toEqual(['/', '/a']);
  });

  it('asks of a delete only for a slash and no NUL', () => {
    expect(['a', '', '/a\0', '//', 'a/b'].map(hasPathShape)).toEqual([false, false, false, true, true]);
  });

  it('protects the four system nodes and not their children', () => {
    const special = ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'];
    expect(special.every(isSpecialPath)).toBe(true);
    expect(['', '/a', '/zookeeper/x', '/zookeeper/quota/a'].some(isSpecialPath)).toBe(false);
  });

  it.each([
    [0, '/a0000000000'],
    [7, '/a0000000007'],
    [2147483647, '/a2147483647'],
    [-1, '/a-000000001'],
    [-2147483648, '/a-2147483648'],
  ])('numbers a sequential node of parent cversion %i as %s', (cversion, path) => {
    expect(sequentialPath('/a', cversion)).toBe(path);
  });
});
