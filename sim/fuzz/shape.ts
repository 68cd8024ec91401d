/** What stands for a number, a time, a zxid, a session, a digest, a path. */
const THING = '#';

/**
 * What a defect looks like, whoever found it: the promise, and the words of the evidence without all that another seed would say otherwise.
 * Failures of the same shape are taken for the same defect. What can be told apart by nothing that was seen is one shape: of two defects that
 * leave different trees behind, the second shows once the first is gone.
 */
export function shapeOf(promise: string, evidence: readonly string[]): string {
  const names = new Map<string, string>();
  const lines = evidence.map((line) => shapeOfLine(line, names)).filter((line) => line !== '');
  return [promise, ...lines].join(' | ');
}

/** Names go first: they may have digits in them. */
function shapeOfLine(line: string, servers: Map<string, string>): string {
  if (line.startsWith('who was where:')) return line.includes(' LEADING ') ? 'somebody led' : 'nobody led';
  return (
    withoutAsides(line)
      .replace(/\bserver (\d+)/g, (_, sid: string) => `server ${letterOf(sid, servers)}`)
      .replace(/\bclient \S+?(?='s |,? |$)/g, 'client')
      // The same defect shows whichever way the learner was brought up to date.
      .replace(/ with (?:DIFF|TRUNC|SNAP)\b/, '')
      .replace(/(?<=^| )\/[^\s,:]*/g, THING)
      // Digests are hexadecimal, and some have no digit in them.
      .replace(/\{[^}]*\}|-?\b(?:\w*\d[\w.]*|[0-9a-f]{7,})\b/g, THING)
      .replace(/(#(?:: #)?)(?:, \1)+/g, '$1')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/** What stands in brackets says more about a thing that was named: which host, which operation, which timeout. */
const withoutAsides = (line: string): string => line.replace(/ ?\([^()]*\)/g, '');

/** Which server it is does not matter, but whether it is the same one as before does. */
function letterOf(sid: string, servers: Map<string, string>): string {
  const letter = servers.get(sid) ?? String.fromCharCode(65 + servers.size);
  servers.set(sid, letter);
  return letter;
}
