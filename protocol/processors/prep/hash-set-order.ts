/**
 * The order of java.util.HashSet. One such order reaches clients: a closeSession deletes the session's ephemerals in the order of the
 * set in which the leader collects them, and each deletion fires its watches. It depends on nothing but the paths, so it is
 * followed here: who waits on two of them hears of both in ZooKeeper's order.
 *
 * A set is a table of buckets, a power of two of them; iteration takes bucket after bucket, and a bucket in order of arrival.
 */
const DEFAULT_CAPACITY = 16;
const LOAD_FACTOR = 0.75;

/**
 * The order of DataTree.getEphemerals, the clone of a set to which these paths were added one by one. Differs: a set that was once
 * larger keeps its larger table in Java, and outstanding changes come on top of a clone of what is committed. Neither counts
 * here, so that the order doesn't depend on how far the tree has got.
 */
export function ephemeralsOrder(paths: Iterable<string>): readonly string[] {
  const arrivals = [...paths];
  return inBuckets(inBuckets(arrivals, grownCapacity(arrivals.length)), clonedCapacity(arrivals.length));
}

/** HashMap.resize: a table doubles as soon as it holds more than its load factor allows. */
function grownCapacity(size: number): number {
  let capacity = DEFAULT_CAPACITY;
  while (size > capacity * LOAD_FACTOR) capacity *= 2;
  return capacity;
}

/** HashMap.putMapEntries and tableSizeFor: a copy's table is just large enough. */
function clonedCapacity(size: number): number {
  let capacity = 1;
  while (capacity < Math.floor(size / LOAD_FACTOR + 1)) capacity *= 2;
  return capacity;
}

function inBuckets(arrivals: readonly string[], capacity: number): readonly string[] {
  const entries = arrivals.map((path, at) => ({ path, at, bucket: spreadHash(path) & (capacity - 1) }));
  return entries.sort((a, b) => a.bucket - b.bucket || a.at - b.at).map(({ path }) => path);
}

/** String.hashCode, its upper half folded onto the lower (HashMap.hash). */
function spreadHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash ^ (hash >>> 16);
}
