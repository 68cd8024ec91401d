import { VERSIONS } from '../../protocol/release/versions.ts';

/** Versions as people say them: `up to 3.3.4, 3.4.0–3.4.3`, `3.4.0 and newer`, `all`. */
export function versionsText(versions: readonly string[]): string {
  const ranges = VERSIONS.reduce<string[][]>((open, version) => {
    if (!versions.includes(version)) return [...open, []];
    const last = open.at(-1) ?? [];
    return [...open.slice(0, -1), [...last, version]];
  }, []);
  const texts = ranges.filter((range) => range.length > 0).map(rangeText);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function rangeText(range: readonly string[]): string {
  const [first = '', last = ''] = [range[0], range.at(-1)];
  const [isOldest, isNewest] = [first === VERSIONS[0], last === VERSIONS.at(-1)];
  if (isOldest && isNewest) return 'all';
  if (isOldest) return `up to ${last}`;
  if (isNewest) return `${first} and newer`;
  return first === last ? first : `${first}–${last}`;
}
