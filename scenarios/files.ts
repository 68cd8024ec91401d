import { readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The only place where scenarios touch the disk: reading a text file, listing the library's folder, and arithmetic
 * with paths.
 */
export type FileText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

export interface FileReader {
  /** Whole content as UTF-8, or why not. */
  read(path: string): FileText;
  /** Names of the files in a folder; none when there is no such folder. */
  list(folder: string): readonly string[];
}

export const DISK: FileReader = {
  read(path) {
    try {
      return { ok: true, text: readFileSync(path, 'utf8') };
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  },
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
};

const REASONS = new Map([
  ['ENOENT', 'no such file'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EACCES', 'permission denied'],
]);

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
  return REASONS.get(code) ?? code;
}

/** `path` as seen from the file `from`. */
export const besideFile = (from: string, path: string): string =>
  isAbsolute(path) ? path : join(dirname(from), path);

/** The shorter way to say where a file is: from here, or absolute when it is elsewhere. */
export function displayPath(path: string): string {
  const fromHere = relative('', resolve(path));
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? resolve(path) : fromHere;
}

/**
 * The folder of the library's YAML files. This module is either there itself (sources) or its compiled twin in
 * dist/, which has none.
 */
export function libraryFolder(files: FileReader): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [here, join(here, '..', '..', 'scenarios')];
  return candidates.find((folder) => files.list(folder).some((name) => name.endsWith('.yaml'))) ?? here;
}

export const joinPath = (folder: string, name: string): string => join(folder, name);
