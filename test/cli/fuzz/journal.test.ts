import { describe, expect, it } from 'vitest';
import { PROFILE } from '../../../sim/fuzz/arbitrary/profiles.ts';
import { groupKey } from '../../../sim/fuzz/campaign.ts';
import { firstLine, Journal, nextLine, readJournal, type Begun } from '../../../sim/cli/fuzz/journal.ts';
import { outcomeOf } from '../../support/fuzz-world.ts';

const BEGUN: Begun = {
  version: '0.1.0',
  seed: '7',
  profile: 'default',
  draws: PROFILE.default,
  strategy: 'random',
  release: '3.4.13',
  shard: { part: 2, of: 4 },
  asked: { runs: 400 },
};
const GROUP = { promise: 'nothing-committed-lost', shape: 'lost #' };
const found = { ...GROUP, index: 1, seed: '7/1', evidence: ['lost 0x7'], runs: 1 };

/** What is on the disk of a campaign that ran 2 and 1, and wrote a failure. */
function written(): string {
  let text = firstLine(BEGUN);
  const journal = new Journal((line) => (text += line));
  journal.remembered([{ file: 'f.yaml', state: 'unusable', why: 'it is empty' }]);
  journal.ended(outcomeOf(2, { coverage: { TRUNC: 3 } }), 100);
  journal.ended(
    outcomeOf(1, { kind: 'broken', broken: [{ promise: found.promise, evidence: ['lost 0x7'] }] }),
    200,
  );
  journal.saved(found, '.zabsim/failures/1.yaml', 299.7);
  return text;
}

describe('a journal', () => {
  it('is read as it was written: the campaign, what is remembered, runs, files, and how long it took', () => {
    expect(readJournal(written())).toEqual({
      begun: BEGUN,
      remembered: [{ file: 'f.yaml', state: 'unusable', why: 'it is empty' }],
      outcomes: new Map([
        [2, outcomeOf(2, { coverage: { TRUNC: 3 } })],
        [1, outcomeOf(1, { kind: 'broken', broken: [{ promise: found.promise, evidence: ['lost 0x7'] }] })],
      ]),
      files: new Map([[groupKey(GROUP), '.zabsim/failures/1.yaml']]),
      spentMs: 300,
    });
  });

  it('has a line for each thing that happened', () => {
    expect(written().split('\n')).toHaveLength(6);
  });

  it('cut off anywhere tells what happened before', () => {
    const text = written();
    const first = firstLine(BEGUN).length;
    for (let end = first; end < text.length; end++) {
      const lines = text.slice(0, end).split('\n');
      const last = lines.at(-1) ?? '';
      // The last line is whole where only the end of the line is missing.
      const whole = text.split('\n').includes(last) ? lines : lines.slice(0, -1);
      expect(readJournal(text.slice(0, end))).toEqual(readJournal(`${whole.join('\n')}\n`));
    }
  });

  it('can be gone on with where it was cut off, for more runs than before', () => {
    const torn = written().slice(0, -10);
    const text = `${torn}${nextLine(torn, { runs: 800 })}`;
    const past = readJournal(text);
    expect(past?.begun.asked).toEqual({ runs: 800 });
    expect([...(past?.outcomes.keys() ?? [])]).toEqual([2, 1]);
    expect(past?.files.size).toBe(0);
  });

  it.each(['', 'a story', '{"kind":"run"}\n', firstLine(BEGUN).slice(0, 40), '[]\n', '7\n'])(
    'is not %j',
    (text) => {
      expect(readJournal(text)).toBeUndefined();
    },
  );
});
