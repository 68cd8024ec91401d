/**
 * Paths of znodes (common/PathUtils, and the small path arithmetic of DataTree and PrepRequestProcessor). A parent's path is what
 * precedes the last slash, so the root is `''` where it is a parent and `/` where it is addressed; the tree knows it under both
 * names, as ZooKeeper's does. Reads take a path literally and never come here.
 */
const SLASH = 0x2f;
const DOT = 0x2e;

export const ROOT = '/';
export const CONFIG_NODE = '/zookeeper/config';
export const PROC_NODE = '/zookeeper';
export const QUOTA_NODE = '/zookeeper/quota';

/** `''` for a child of the root. The path must hold a slash. */
export const parentPath = (path: string): string => path.slice(0, path.lastIndexOf('/'));
export const childName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The name under which watches know a parent: never `''`. */
export const watchedPath = (parent: string): string => (parent === '' ? ROOT : parent);

/** DataTree.isSpecialPath: the system's own nodes, which nobody can delete. */
export const isSpecialPath = (path: string): boolean =>
  path === ROOT || path === PROC_NODE || path === QUOTA_NODE || path === CONFIG_NODE;

/** What create and delete look at first: a slash somewhere, and no NUL. */
export const hasPathShape = (path: string): boolean => path.includes('/') && !path.includes('\0');

/** PathUtils.validatePath: why a path is refused, or undefined when it is valid. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.charCodeAt(0) !== SLASH) return 'it does not start with /';
  if (path === ROOT) return undefined;
  if (path.endsWith('/')) return 'it ends with /';
  return charactersProblem(path) ?? namesProblem(path);
}

function charactersProblem(path: string): string | undefined {
  for (let i = 1; i < path.length; i++) {
    if (isRefused(path.charCodeAt(i))) return `it has a refused character at ${i}`;
  }
  return undefined;
}

/** Control characters, surrogates with the private use area, and the specials. */
const isRefused = (unit: number): boolean =>
  unit <= 0x1f ||
  (unit >= 0x7f && unit <= 0x9f) ||
  (unit >= 0xd800 && unit <= 0xf8ff) ||
  (unit >= 0xfff0 && unit <= 0xffff);

function namesProblem(path: string): string | undefined {
  for (let start = 1, i = 1; i <= path.length; i++) {
    if (i < path.length && path.charCodeAt(i) !== SLASH) continue;
    if (i === start) return `it has an empty name at ${start}`;
    if (isRelative(path, start, i)) return `it has a relative name at ${start}`;
    start = i + 1;
  }
  return undefined;
}

/** `.` or `..` between two slashes. */
const isRelative = (path: string, start: number, end: number): boolean =>
  end - start <= 2 && path.charCodeAt(start) === DOT && path.charCodeAt(end - 1) === DOT;

/**
 * The name a sequential node gets: the parent's stored cversion as `%010d`. A counter that wrapped prints its minus sign within
 * the ten places, as Java's formatter does.
 */
export function sequentialPath(path: string, parentCVersion: number): string {
  const digits = String(Math.abs(parentCVersion));
  return parentCVersion < 0 ? `${path}-${digits.padStart(9, '0')}` : path + digits.padStart(10, '0');
}
