import type { FileReader } from '../../scenarios/files.ts';
import { resolve } from 'node:path';

/** Files that exist only in a test: path → text. Whatever is not among them is read from the disk's place as missing. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileReader {
  const byPath = new Map(Object.entries(files).map(([path, text]) => [resolve(path), text]));
  return {
    read(path) {
      const text = byPath.get(resolve(path));
      return text === undefined ? { ok: false, reason: 'no such file' } : { ok: true, text };
    },
    list: () => [],
  };
}
