import { nearestWord } from '../protocol/nearest-word.ts';
import type { RunPlan } from '../sim/plan.ts';
import { Report } from './compile/report.ts';
import { compileScenario } from './compile/scenario.ts';
import type { OpenFile } from './compile/zoo-cfg-files.ts';
import { besideFile, DISK, displayPath, type FileReader } from './files.ts';
import { libraryNames, museumNames, namedPath } from './library.ts';
import { type Problem, sortProblems, toProblem } from './problem.ts';
import { scenarioSchema } from './schema/scenario.ts';
import { validate } from './validate.ts';
import { YamlSource } from './yaml-source.ts';

export type { Problem } from './problem.ts';

/**
 * Scenario file → RunPlan, in four steps that each stop with all problems they found: read, parse the YAML, hold it
 * against the schema, compile (names, times, combinations, zoo.cfg and myid files).
 */
export type LoadResult =
  | { readonly ok: true; readonly plan: RunPlan; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Loads a scenario by path, or by its name in the library or its museum. What is no such name, and has a slash or an ending, is a
 * path. Never throws for what is, or is not, in the files.
 */
export function loadScenario(nameOrPath: string, files: FileReader = DISK): LoadResult {
  const path = namedPath(nameOrPath, files) ?? nameOrPath;
  const file = files.read(path);
  if (!file.ok) return refuse([unreadable(nameOrPath, file.reason, files)]);
  return loadText(path, file.text, files);
}

/** Loads a scenario's text; `path` is what messages call it and where the files it names are looked for. */
export function loadText(path: string, text: string, files: FileReader = DISK): LoadResult {
  const source = YamlSource.parse(path, text);
  if (!(source instanceof YamlSource)) return refuse(source);
  const written = validate(source, scenarioSchema);
  if (Array.isArray(written)) return refuse(written);
  const report = new Report(source, written.generated === true);
  const plan = compileScenario(written, report, opener(path, files));
  if (plan === undefined || report.problems.length > 0) return refuse(report.problems);
  return { ok: true, plan, warnings: sortProblems(report.warnings) };
}

const refuse = (problems: readonly Problem[]): LoadResult => ({
  ok: false,
  problems: sortProblems(problems),
});

function unreadable(nameOrPath: string, reason: string, files: FileReader): Problem {
  const names = libraryNames(files);
  const place = { file: nameOrPath, line: 1, column: 1 };
  const isPath = /[/\\.]/.test(nameOrPath);
  const message = isPath
    ? `can't read the scenario: ${reason}`
    : `no scenario \`${nameOrPath}\` in the library`;
  const expected = `a scenario file, or one of the library: ${names.join(', ')}`;
  const nearest = isPath ? undefined : nearestWord(nameOrPath, [...names, ...museumNames(files)]);
  return toProblem(place, message, expected, nearest);
}

const opener =
  (from: string, files: FileReader): OpenFile =>
  (path) => {
    const file = displayPath(besideFile(from, path));
    const content = files.read(file);
    return content.ok ? { ok: true, file, text: content.text } : { ok: false, file, reason: content.reason };
  };
