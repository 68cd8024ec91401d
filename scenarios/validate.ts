import type { z } from 'zod';
import { nearestWord } from '../protocol/nearest-word.ts';
import type { Problem } from './problem.ts';
import { suggestQuantity } from './schema/quantities.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/**
 * Holds a file's data against the schema, and makes of what zod finds wrong something that a person can act on:
 * place, message, expectation, nearest word. Unions are told apart by what was probably meant, so that a typing error
 * in one key is reported as that, not as nine kinds of fault that it is not.
 */
export function validate<Written>(source: YamlSource, schema: z.ZodType<Written>): Written | Problem[] {
  const result = schema.safeParse(source.data, { reportInput: true, error: expectedOf });
  if (result.success) return result.data;
  return new IssueReader(source).read(result.error.issues, schema, []);
}

type Issue = z.core.$ZodIssue;
type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;
type Schema = z.core.$ZodType;

/** What zod expected, for schemas that do not say it themselves. */
function expectedOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return NOUNS.get(issue.expected) ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map((value) => String(value)));
    case 'too_small':
      return `at least ${String(issue.minimum)}`;
    case 'too_big':
      return `at most ${String(issue.maximum)}`;
    case 'unrecognized_keys':
      return 'a key that belongs here';
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
    default:
      return 'another value';
  }
}

const NOUNS = new Map<string, string>([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', '`true` or `false`'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'a mapping of keys to values'],
  ['record', 'a mapping of names to values'],
]);

function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `one of ${quoted.join(', ')} or ${last}`;
}

class IssueReader {
  readonly #source: YamlSource;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  /** The problems that `issues` of `schema`, whose value stands at `base`, come down to. */
  read(issues: readonly Issue[], schema: Schema, base: Path): Problem[] {
    return issues.flatMap((issue) => {
      const path = [...base, ...issue.path];
      const schemas = schemasAt(schema, issue.path);
      if (issue.code === 'invalid_union') return this.#readUnion(issue, schemas, path);
      if (issue.code === 'unrecognized_keys') return this.#readKeys(issue.keys, schemas, path);
      return [this.#readValue(issue, path)];
    });
  }

  /** A variant that is called by its name is meant (`crash: …`). Without a name it is the one that least speaks against. */
  #readUnion(issue: UnionIssue, schemas: readonly Schema[], path: Path): Problem[] {
    const written = issue.input;
    if (typeof written !== 'object' || written === null) return this.#readLikeliest(issue, schemas, path);
    const called = namesOfVariants(schemas).filter(({ name }) => Object.hasOwn(written, name));
    const [first, second] = called;
    if (first === undefined) return this.#readLikeliest(issue, schemas, path);
    if (second === undefined) return this.read(issue.errors[first.index] ?? [], first.option, path);
    const message = `\`${second.name}\` does not go with \`${first.name}\``;
    return [this.#source.keyProblem([...path, second.name], message, 'one or the other')];
  }

  #readLikeliest(issue: UnionIssue, schemas: readonly Schema[], path: Path): Problem[] {
    const words = wordsOf(issue);
    if (words.length > 0 && isWord(issue.input)) {
      const message = `${keyed(path.at(-1) ?? 0)}${show(issue.input)} does not belong here`;
      return [this.#source.problem(path, message, issue.message, nearestWord(issue.input, words))];
    }
    const branches = issue.errors.map((issues) => issues.flatMap(flattenUnion));
    const fitting = branches.filter((issues) => !issues.some(isWrongKind));
    const unknown = fitting.length === 0 ? [] : commonUnknownKeys(fitting);
    if (unknown.length > 0) return this.#readKeys(unknown, schemas, path);
    const best = bestBranch(branches);
    if (best === undefined) return [this.#readValue(issue, path)];
    const option = schemas.flatMap(optionsOf)[best];
    return option === undefined
      ? [this.#readValue(issue, path)]
      : this.read(issue.errors[best] ?? [], option, path);
  }

  /** Known are the keys of that variant which has all the other keys that were written; of several, their names. */
  #readKeys(unknown: readonly string[], schemas: readonly Schema[], path: Path): Problem[] {
    const written = Object.keys(this.#source.at(path) ?? {});
    const others = written.filter((key) => !unknown.includes(key));
    const variants = schemas.flatMap(variantsOf).filter((keys) => others.every((key) => keys.includes(key)));
    const keys = [...new Set(variants.flat())];
    const known = variants.length > 1 ? namesOfVariants(schemas).map(({ name }) => name) : keys;
    return unknown.map((key) => {
      const message = `unknown key \`${key}\``;
      const expected = known.length === 0 ? 'no key here' : oneOf(known);
      return this.#source.keyProblem(
        [...path, key],
        message,
        expected,
        nearestWord(key, known) ?? nearestWord(key, keys),
      );
    });
  }

  #readValue(issue: Issue, path: Path): Problem {
    const key = path.at(-1);
    if (issue.code === 'invalid_key') {
      const expected = issue.issues[0]?.message ?? 'another name';
      return this.#source.keyProblem(path, `\`${String(key)}\` can't be a name`, expected);
    }
    if (issue.input === undefined && path.length > 0) {
      const message = typeof key === 'string' ? `\`${key}\` is missing` : 'an item is missing';
      return this.#source.problem(path, message, issue.message);
    }
    // As it is written, not as a transformation that came before the check has left it.
    const written = this.#source.at(path) ?? issue.input;
    const message = `${key === undefined ? '' : keyed(key)}${show(written)} does not belong here`;
    return this.#source.problem(path, message, issue.message, suggestValue(issue, written));
  }
}

const keyed = (key: PropertyKey): string => (typeof key === 'string' ? `${key}: ` : '');

function show(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  switch (typeof input) {
    case 'string':
    case 'number':
    case 'boolean':
      return `\`${String(input)}\``;
    default:
      return input === undefined || input === null ? 'nothing' : 'a mapping';
  }
}

function suggestValue(issue: Issue, written: unknown): string | undefined {
  if (issue.code === 'invalid_union') {
    const messages = issue.errors.flat().map((inner) => inner.message);
    return messages.map((message) => suggestQuantity(message, written)).find((word) => word !== undefined);
  }
  if (issue.code !== 'invalid_value' || typeof written !== 'string') {
    return suggestQuantity(issue.message, written);
  }
  return nearestWord(
    written,
    issue.values.map((value) => String(value)),
  );
}

// ------------------------------------------------------------------------------------------ what was meant

const isWord = (input: unknown): input is string => typeof input === 'string' && /^[a-z]/i.test(input);

/** Words that stand for themselves beside what else may be there: `next` beside a time. */
const wordsOf = ({ errors }: UnionIssue): readonly string[] =>
  errors.flatMap(([first]) => (first?.code === 'invalid_value' ? first.values.map(String) : []));

/** A union in a union counts as what its best branch says. */
function flattenUnion(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.path.length > 0) return [issue];
  const best = bestBranch(issue.errors);
  return best === undefined ? [issue] : [...(issue.errors[best] ?? [])];
}

/** Text where a mapping was expected, and the like: this branch was not meant. */
const isWrongKind = (issue: Issue): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof issue.input !== 'string'));

const isMissingKey = (issue: Issue): boolean => issue.path.length === 1 && issue.input === undefined;

/** Keys that no branch knows. */
function commonUnknownKeys(branches: readonly (readonly Issue[])[]): string[] {
  const [first, ...rest] = branches.map((issues) =>
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
    ),
  );
  return (first ?? []).filter((key) => rest.every((keys) => keys.includes(key)));
}

/** The branch that least speaks against; `undefined` when nothing tells one from the others. */
function bestBranch(branches: readonly (readonly Issue[])[]): number | undefined {
  const costs = branches.map((issues) => issues.reduce((sum, issue) => sum + cost(issue), 0));
  const least = Math.min(...costs);
  const best = costs.indexOf(least);
  const isTie = costs.lastIndexOf(least) !== best;
  const issues = branches[best] ?? [];
  if (issues.some(isWrongKind) || (isTie && issues.some(isMissingKey))) return undefined;
  return best;
}

function cost(issue: Issue): number {
  if (isWrongKind(issue)) return 1000;
  if (isMissingKey(issue)) return 100;
  return issue.code === 'unrecognized_keys' && issue.path.length === 0 ? 10 * issue.keys.length : 1;
}

// --------------------------------------------------------------------------------------------- the schema

/** The schemas that apply at `path`: more than one where a union on the way leaves it open. */
function schemasAt(schema: Schema, path: Path): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional') return schemasAt(def.innerType, path);
  if (def.type === 'pipe') return schemasAt(def.in, path);
  if (def.type === 'lazy') return schemasAt(def.getter(), path);
  const [step, ...rest] = path;
  if (step === undefined) return [schema];
  switch (def.type) {
    case 'union':
      return def.options.flatMap((option) => schemasAt(option, path));
    case 'array':
      return schemasAt(def.element, rest);
    case 'tuple':
      return def.items.slice(Number(step), Number(step) + 1).flatMap((item) => schemasAt(item, rest));
    case 'record':
      return schemasAt(def.valueType, rest);
    case 'object': {
      const inner = def.shape[String(step)];
      return inner === undefined ? [] : schemasAt(inner, rest);
    }
    default:
      return [];
  }
}

function optionsOf(schema: Schema): readonly Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'union' ? def.options : [];
}

/** The keys of each kind of mapping that the schema takes. */
function variantsOf(schema: Schema): string[][] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'pipe') return variantsOf(def.in);
  return def.type === 'object' ? [Object.keys(def.shape)] : optionsOf(schema).flatMap(variantsOf);
}

interface Variant {
  /** The first key that it must have and no other variant can have: `crash` for a crash. */
  readonly name: string;
  readonly option: Schema;
  /** Its place among the union's options. */
  readonly index: number;
}

function namesOfVariants(schemas: readonly Schema[]): readonly Variant[] {
  const options = schemas.flatMap(optionsOf);
  const shapes = options.map(shapeOf);
  return options.flatMap((option, index) => {
    const name = Object.entries(shapes[index] ?? {}).find(
      ([key, value]) => isRequired(value) && !shapes.some((shape, other) => other !== index && key in shape),
    )?.[0];
    return name === undefined ? [] : [{ name, option, index }];
  });
}

const isRequired = (schema: Schema): boolean => schema._zod.optin === undefined;

function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? def.shape : {};
}
