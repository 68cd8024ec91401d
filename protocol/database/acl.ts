/**
 * Access control as far as a connection without identities needs it (ZooKeeperServer.checkACL, PrepRequestProcessor.fixupACL): it
 * matches `world:anyone` and nothing else. Left out: authentication, so the ids of digest and ip entries are kept as they are.
 */
import type { Acl } from './txn.ts';

export const Perms = { READ: 1, WRITE: 2, CREATE: 4, DELETE: 8, ADMIN: 16, ALL: 31 } as const;
export type Perm = (typeof Perms)[keyof typeof Perms];

export const READ_ACL_UNSAFE: readonly Acl[] = [{ perms: Perms.READ, scheme: 'world', id: 'anyone' }];

/** An empty list restricts nobody. */
export const permits = (acl: readonly Acl[], perm: Perm): boolean =>
  acl.length === 0 || acl.some((entry) => (entry.perms & perm) !== 0 && isAnyone(entry));

const isAnyone = (entry: Acl): boolean => entry.scheme === 'world' && entry.id === 'anyone';

/** The list as it is stored, without duplicates. Undefined: INVALIDACL. */
export function fixupAcl(acl: readonly Acl[]): readonly Acl[] | undefined {
  if (acl.length === 0 || !acl.every(isWellFormed)) return undefined;
  if (acl.length === 1) return acl;
  return acl.filter((entry, at) => acl.findIndex((other) => isSame(entry, other)) === at);
}

/** `auth` stands for the connection's own identities, and it has none; of the other schemes only two have a provider (ProviderRegistry). */
const isWellFormed = (entry: Acl): boolean =>
  entry.scheme === 'world' ? entry.id === 'anyone' : entry.scheme === 'digest' || entry.scheme === 'ip';

const isSame = (a: Acl, b: Acl): boolean => a.perms === b.perms && a.scheme === b.scheme && a.id === b.id;
