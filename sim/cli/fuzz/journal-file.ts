import type { CommandLineDeps } from '../deps.ts';
import type { Beginning } from './beginning.ts';
import { firstLine, Journal, nextLine } from './journal.ts';

/** The journal of a campaign on the disk. One that can't be written costs the journal, not the campaign. */
export function openJournal(deps: CommandLineDeps, path: string, { begun, past }: Beginning): Journal {
  let isLost = false;
  const guarded = <T>(act: () => T): T | undefined => {
    if (isLost) return undefined;
    try {
      return act();
    } catch (error) {
      isLost = true;
      const why = error instanceof Error ? error.message : String(error);
      deps.stderr.write(
        `cannot write the journal, so that --resume will know nothing of what follows: ${why}\n`,
      );
      return undefined;
    }
  };
  if (past === undefined) guarded(() => replace(deps, path, firstLine(begun)));
  const file = guarded(() => deps.appendTo(path));
  if (past !== undefined) guarded(() => file?.write(nextLine(deps.files.read(path) ?? '', begun.asked)));
  return new Journal((text) => guarded(() => file?.write(text)));
}

/** At once: whoever still writes to the one before goes on with that. */
function replace({ files }: CommandLineDeps, path: string, text: string): void {
  const beside = `${path}.new`;
  files.write(beside, text);
  files.move(beside, path);
}
