/**
 * `tsc` over every world, in one process, so that what they share is read
 * once. What was checked before and has not changed since is not checked again.
 */
import path from 'node:path';
import ts from 'typescript';
import { local, root } from './setup/cache.mjs';
import { worlds, type World } from './worlds.ts';

/** Checks all worlds, prints what is wrong, and gives the number of errors. */
export function check(): number {
  const parsed: Parsed = new Map();
  const found = new Map<string, ts.Diagnostic>();
  const all = worlds();
  for (const world of all)
    // A file that several worlds see is reported once.
    for (const problem of diagnose(world, parsed)) found.set(keyOf(problem), problem);
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (file: string) => file,
    getNewLine: () => '\n',
  };
  const print = process.stdout.isTTY
    ? ts.formatDiagnosticsWithColorAndContext
    : ts.formatDiagnostics;
  process.stdout.write(print([...found.values()], host));
  console.log(`check: ${all.length} worlds, ${found.size} errors`);
  return found.size;
}

type Parsed = Map<string, ts.SourceFile>;

function diagnose(world: World, parsed: Parsed): readonly ts.Diagnostic[] {
  const tsBuildInfoFile = path.join(
    local,
    'check',
    `${world.config.replaceAll('/', '-')}.tsbuildinfo`,
  );
  const options = { ...world.options, incremental: true, tsBuildInfoFile };
  const host = ts.createIncrementalCompilerHost(options);
  const read = host.getSourceFile;
  // Parsing depends on little of the options; everything else happens in the program.
  host.getSourceFile = (file, how, ...rest) => {
    const { impliedNodeFormat } = typeof how === 'object' ? how : {};
    const key = `${file} ${impliedNodeFormat} ${options.target} ${options.checkJs}`;
    const known = parsed.get(key) ?? read(file, how, ...rest);
    if (known) parsed.set(key, known);
    return known;
  };
  const program = ts.createIncrementalProgram({ rootNames: world.files, options, host });
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
    // What is printed for those who import it can be named from outside.
    ...(options.declaration ? program.getDeclarationDiagnostics() : []),
  ];
  // Nothing but what is known of the files for the next time.
  program.emit();
  return [...world.errors, ...found];
}

function keyOf({ file, start, code, messageText }: ts.Diagnostic): string {
  return JSON.stringify([file?.fileName, start, code, messageText]);
}

if (import.meta.main) process.exitCode = check() > 0 ? 1 : 0;
