import type { PartyNames } from './party-names.ts';
import { toMs } from './time.ts';
import type { Draw } from './witnessed-random.ts';

/** Whose draw it is and what it decides, for people: the address of law 5 in words. */
export function drawText({ kind, name, key }: Draw, nameOf: PartyNames): string {
  if (kind === 'stream') return `the stream ${name}, word ${String(key[0])}`;
  const [a = 0, b = 0, c = 0] = key;
  switch (name) {
    case 'network':
      return `the link ${nameOf(a)}→${nameOf(b)}, for what was sent at ${seconds(c)}`;
    case 'stage':
      return `the threads of ${nameOf(a)}, one that was woken at ${seconds(c)}`;
    case 'disk':
      return `the disk of ${nameOf(a)}, at ${seconds(c)}`;
    case 'uptime':
      return `how long the machine of ${nameOf(a)} had been up`;
    case 'faults':
      return 'whom a fault strikes, and how';
    case 'timeline':
      return 'when a fault strikes again';
    default:
      return `${name}, key ${key.join(' ')}`;
  }
}

const seconds = (at: number): string => `${(toMs(at) / 1000).toFixed(6)}s`;
