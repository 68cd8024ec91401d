import { type Document, isAlias, isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Problem, toProblem } from './problem.ts';

/** A path into the file's data: keys of mappings and indices of lists. */
export type Path = readonly PropertyKey[];

/**
 * The text of a YAML file, its data, and where in the text each piece of the data stands. Every message about a
 * scenario gets its line and column here.
 */
export class YamlSource {
  readonly file: string;
  readonly data: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;

  private constructor(file: string, data: unknown, document: Document, lines: LineCounter) {
    this.file = file;
    this.data = data;
    this.#document = document;
    this.#lines = lines;
  }

  static parse(file: string, text: string): YamlSource | Problem[] {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    if (document.errors.length > 0) {
      return document.errors.map((error) => {
        const { line, col } = linePos(lines, error.pos[0]);
        return toProblem({ file, line, column: col }, firstLine(error.message), expectedYaml(error.code));
      });
    }
    try {
      return new YamlSource(file, document.toJS(), document, lines);
    } catch (error) {
      // An alias without its anchor, or so many aliases that the data would explode.
      const message = error instanceof Error ? firstLine(error.message) : 'unreadable';
      return [toProblem({ file, line: 1, column: 1 }, message, 'YAML whose aliases can be resolved')];
    }
  }

  /** `file:line:column` of the value at `path`. */
  source(path: Path): string {
    const { line, column } = this.#place(this.#valueOffset(path));
    return `${this.file}:${String(line)}:${String(column)}`;
  }

  /** A problem with the value at `path`, or with what should contain it when there is none. */
  problem(path: Path, message: string, expected: string, suggestion?: string): Problem {
    return toProblem(this.#place(this.#valueOffset(path)), message, expected, suggestion);
  }

  /** A problem with the key that `path` ends in. */
  keyProblem(path: Path, message: string, expected: string, suggestion?: string): Problem {
    return toProblem(this.#place(this.#keyOffset(path)), message, expected, suggestion);
  }

  /** The data at `path`, as written. */
  at(path: Path): unknown {
    return this.#nodeAt(path)?.toJS(this.#document);
  }

  #place(offset: number): { file: string; line: number; column: number } {
    const { line, col } = linePos(this.#lines, offset);
    return { file: this.file, line, column: col };
  }

  /** Of the value, or of the nearest thing around it that exists. */
  #valueOffset(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const range = this.#nodeAt(path.slice(0, length))?.range;
      if (range) return range[0];
    }
    return 0;
  }

  #keyOffset(path: Path): number {
    const parent = this.#nodeAt(path.slice(0, -1));
    const key = String(path.at(-1));
    const pair = isMap(parent) ? parent.items.find((item) => textOf(item.key) === key) : undefined;
    const range = isNode(pair?.key) ? pair.key.range : undefined;
    return range ? range[0] : this.#valueOffset(path);
  }

  #nodeAt(path: Path): Node | undefined {
    let node = this.#resolve(this.#document.contents);
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => textOf(item.key) === String(step));
        node = this.#resolve(pair?.value);
      } else if (isSeq(node) && typeof step === 'number') {
        node = this.#resolve(node.items[step]);
      } else {
        return undefined;
      }
    }
    return node;
  }

  #resolve(value: unknown): Node | undefined {
    if (!isNode(value)) return undefined;
    return isAlias(value) ? value.resolve(this.#document) : value;
  }
}

function linePos(lines: LineCounter, offset: number): { line: number; col: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), col: Math.max(col, 1) };
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'range' in value;

const textOf = (key: unknown): string | undefined =>
  typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : undefined;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;

function expectedYaml(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'every name and key once';
  if (code === 'MULTIPLE_DOCS') return 'one document a file';
  if (code === 'TAB_AS_INDENT') return 'blanks for indentation';
  return 'YAML';
}
