/** Path rules as the checkers know them (zab server side: PathUtils.validatePath, PrepRequestProcessor). */

/** `/a/b` → `/a`; `/a` → `/`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The four nodes that nobody can delete. */
export const SYSTEM_PATHS: readonly string[] = ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'];

/** Each server writes its configuration there by itself, so its data and Stat are no part of the replicated state. */
export const CONFIG_NODE = '/zookeeper/config';

export function isValidPath(path: string): boolean {
  if (path === '/') return true;
  if (!path.startsWith('/')) return false;
  for (const name of path.slice(1).split('/')) {
    if (name === '' || name === '.' || name === '..' || hasForbiddenCharacter(name)) return false;
  }
  return true;
}

function hasForbiddenCharacter(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    if (unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f)) return true;
    if ((unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0) return true;
  }
  return false;
}

/** What create and delete check before they look for the parent. */
export const hasParentPath = (path: string): boolean => path.includes('/') && !path.includes('\0');

/** What a sequential create appends: the number of creates under the parent so far, ten digits at least. */
export const sequenceSuffix = (created: number): string => String(created).padStart(10, '0');
