/**
 * The op table as data: what TypeScript knows of its types and comments, and
 * what its rows say of themselves.
 */
import path from 'node:path';
import ts from 'typescript';
import { vmapOf } from '../../engine/vmap/rules.ts';
import { ops } from '../../engine/ops/index.ts';
import { dtypesChapter, dtypesOf, type DocumentedRow } from './dtypes.ts';
import { functionsChapter, readFunctions } from './functions.ts';
import { peersChapter, sourceOf } from './peers.ts';
import { engineProgram, exportsOf } from './program.ts';
import { flatOf, shapesOf } from './shapes.ts';

export interface OpEntry {
  readonly name: string;
  /** The file of the row: what it is about. */
  readonly subject: string;
  readonly documentation: string;
  readonly signature: string;
  /** The inputs it takes, and of these the ones that a gradient flows back to. */
  readonly inputs: readonly string[];
  readonly gradient: readonly string[];
  readonly method: boolean;
  readonly way: 'kernels' | 'view' | 'composite';
  readonly random: boolean;
  /** A call by its shapes, `matMul([3,4], [4,2])`, and what it gives; empty where the row has no sample of tensors. */
  readonly shapes: readonly string[];
  /** Why nothing flows back to the others, where types say it; their comments say it elsewhere. */
  readonly flat: string;
  /** The library it has its name, its order of arguments, defaults and edges from; empty where it is Tapedeck's own. */
  readonly source: string;
  /** Which dtypes it takes for what it computes with, in words; empty where it takes no tensor. */
  readonly dtypes: string;
  /** Whether it runs once for a batch of any size. */
  readonly vmap: 'once' | 'mostly' | 'loop' | 'never';
}

/** All rows, by subject and in the order of the files. */
export function readOps(): readonly OpEntry[] {
  return (entries ??= read());
}

/** docs/ops.md. */
export function pageOf(list: readonly OpEntry[]): string {
  const subjects = [...new Set(list.map((entry) => entry.subject))];
  const parts = subjects.map((subject) => {
    const own = list.filter((entry) => entry.subject === subject);
    return `## ${subject[0]!.toUpperCase()}${subject.slice(1)}\n\n${own.map(section).join('\n')}`;
  });
  return `# Ops

The ${list.length} ops of the table in \`engine/ops/\`, printed from its rows and their comments by \`npm run docs\`. Every op that takes a tensor is a function, \`tf.matMul(a, b)\`, and a method, \`a.matMul(b)\`. A \`TensorLike\` is a tensor, a number, a nested list or a typed array; bare numbers take the dtype of the tensors beside them. Parts of a tensor are \`a.at('1:, ::-1')\`, NumPy's brackets with slices, \`...\`, \`newaxis\`, lists and masks; \`a.with('1:', value)\` is a copy with other values there, and \`v.assignAt('1:', value)\` writes into a variable.

Under \`tf.vmap\` an op runs once for the whole batch; those that run example by example say \`vmap: loop\`. Gradients flow through all floats of an op unless it says otherwise.

Where a function has a kink its gradient is PyTorch's: 0 for \`relu\` and \`abs\` at 0 and for \`relu6\` at 0 and 6; shared evenly among the elements that tie for \`max\` and \`min\`, and between both for \`maximum\` and \`minimum\`; infinite for \`sqrt\` at 0; 0 for \`norm\` of zeros; 1 for \`clipByValue\` at its bounds.

${peersChapter()}
${dtypesChapter()}
${functionsChapter(readFunctions())}
${parts.join('\n')}`;
}

/** engine/ops.json, for programs: a bundle has no comments. */
export function jsonOf(list: readonly OpEntry[]): string {
  return JSON.stringify(list);
}

function section(entry: OpEntry): string {
  const { inputs, gradient } = entry;
  const flows =
    inputs.length === 0
      ? []
      : gradient.length === inputs.length
        ? ['has a gradient']
        : [
            `${gradient.length === 0 ? 'no gradient' : `gradient for ${gradient.join(', ')} only`}${entry.flat && `: ${entry.flat}`}`,
          ];
  const ways = {
    kernels: [],
    view: ['a view: nothing is copied'],
    composite: ['made of other ops'],
  };
  const batches = {
    once: [],
    mostly: ['vmap: a loop where a position counts over the batch'],
    loop: ['vmap: loop'],
    never: ['not under vmap: the shape depends on values'],
  };
  const random = entry.random ? ['draws random numbers'] : [];
  const takes = entry.dtypes === '' ? [] : [`takes ${entry.dtypes}`];
  const names = entry.source === '' ? [] : [`as in ${entry.source}`];
  const facts = [
    ...flows,
    ...ways[entry.way],
    ...random,
    ...takes,
    ...batches[entry.vmap],
    ...names,
  ];
  const shapes =
    entry.shapes.length === 0
      ? ''
      : `\n${entry.shapes.map((call) => `\`${call}\``).join('<br>\n')}\n`;
  const fact = facts.length === 0 ? '' : `\n_${facts.join('; ')}_\n`;
  return `### ${entry.name}\n\n\`\`\`ts\n${entry.name}${entry.signature}\n\`\`\`\n\n${entry.documentation}\n${shapes}${fact}`;
}

function read(): readonly OpEntry[] {
  const checker = engineProgram().getTypeChecker();
  const table = exportsOf('functions.ts').get('Functions')!;
  const type = checker.getDeclaredTypeOfSymbol(table);
  return Object.keys(rows).map((name) => {
    const symbol = checker.getPropertyOfType(type, name)!;
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    const call = checker.signatureToString(signature!, undefined, flags);
    return {
      name,
      subject: path.basename(symbol.declarations![0]!.getSourceFile().fileName, '.ts'),
      documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      // The question mark says it already.
      signature: call.replaceAll(/ \| undefined(?=[,)])/g, ''),
      ...factsOf(name, rows[name]!),
    };
  });
}

function factsOf(name: string, row: DocumentedRow) {
  const inputs = Object.keys(row.inputs);
  const flows = (name: string) =>
    row.compose !== undefined || row.backward !== undefined || row.grad?.[name] !== null;
  return {
    inputs,
    gradient: row.outputs === undefined || row.compose ? inputs.filter(flows) : inputs,
    method: inputs.length > 0,
    way:
      row.compose !== undefined
        ? ('composite' as const)
        : row.view !== undefined
          ? ('view' as const)
          : ('kernels' as const),
    random: row.random === true,
    shapes: shapesOf(name, row),
    flat: flatOf(row),
    source: sourceOf(name),
    dtypes: dtypesOf(row),
    vmap: vmapOf(name, row),
  };
}

const rows = ops as unknown as { readonly [name: string]: DocumentedRow };
const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.OmitThisParameter;
let entries: readonly OpEntry[] | undefined;
