import { DISK, displayPath, type FileReader, joinPath, libraryFolder } from './files.ts';
import { YamlSource } from './yaml-source.ts';

/** The scenarios that come with Zabsim: a YAML file each, called by its name without the ending. */
export interface LibraryEntry {
  readonly name: string;
  /** The first sentence of its description. */
  readonly title: string;
}

const ENDING = '.yaml';

/** Names in alphabetical order. */
export function libraryNames(files: FileReader = DISK): string[] {
  return files
    .list(libraryFolder(files))
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

export const libraryPath = (name: string, files: FileReader = DISK): string =>
  displayPath(joinPath(libraryFolder(files), name + ENDING));

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
