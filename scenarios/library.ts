import { DISK, displayPath, type FileReader, joinPath, libraryFolder } from './files.ts';
import { YamlSource } from './yaml-source.ts';

/** The scenarios that come with Zabsim: a YAML file each, called by its name without the ending. */
export interface LibraryEntry {
  readonly name: string;
  /** The first sentence of its description. */
  readonly title: string;
}

const ENDING = '.yaml';
/** The museum: defects of older releases, a file each. */
const MUSEUM = 'history';

/** Names in alphabetical order. */
export const libraryNames = (files: FileReader = DISK): string[] => namesIn(libraryFolder(files), files);

/** The museum's, which are issues: `ZOOKEEPER-1419`. */
export const museumNames = (files: FileReader = DISK): string[] =>
  namesIn(joinPath(libraryFolder(files), MUSEUM), files);

function namesIn(folder: string, files: FileReader): string[] {
  return files
    .list(folder)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

export const libraryPath = (name: string, files: FileReader = DISK): string =>
  displayPath(joinPath(libraryFolder(files), name + ENDING));

/** Where a scenario is that is called by its name: one of the library, or one of the museum with or without its folder. */
export function namedPath(name: string, files: FileReader = DISK): string | undefined {
  if (libraryNames(files).includes(name)) return libraryPath(name, files);
  const bare = name.startsWith(`${MUSEUM}/`) ? name.slice(MUSEUM.length + 1) : name;
  return museumNames(files).includes(bare) ? libraryPath(joinPath(MUSEUM, bare), files) : undefined;
}

export function listLibrary(files: FileReader = DISK): LibraryEntry[] {
  return libraryNames(files).map((name) => ({ name, title: titleOf(libraryPath(name, files), files) }));
}

function titleOf(path: string, files: FileReader): string {
  const file = files.read(path);
  const source = file.ok ? YamlSource.parse(path, file.text) : [];
  const description = source instanceof YamlSource ? source.at(['description']) : undefined;
  const text = typeof description === 'string' ? description.replace(/\s+/g, ' ').trim() : '';
  return /^.*?[.!?](?= |$)/.exec(text)?.[0] ?? text;
}
