/**
 * What a language model may ask of a paused program, once: package.json is
 * printed from this table. Answers are short texts: statistics, lines and
 * reasons, never all elements of a tensor. Only names are looked up in the
 * program; nothing that a model writes is run there.
 */
import type {
  Answer,
  Arguments,
  LiveTensor,
  Name,
  PlacedComparison,
} from '../debug-adapter/protocol.ts';

/** A debug session, as far as tools need it. */
export interface Asked {
  /** Our own requests, and those of the protocol. */
  own<N extends Name>(name: N, args: Arguments<N>): Promise<Answer<N>>;
  stock(name: 'exceptionInfo' | 'stackTrace' | 'evaluate', args: object): Promise<any>;
}

interface Tool {
  readonly title: string;
  /** For the model: what it gives, and when to ask. */
  readonly description: string;
  readonly input: {
    readonly [name: string]: { readonly type: string; readonly description: string };
  };
  readonly required?: readonly string[];
  readonly answer: (ask: Asked, input: Input) => Promise<string>;
}
type Input = { readonly [name: string]: unknown };

/** Characters of an answer. */
export const LONGEST = 4000;
/** Rows of a list. */
const ROWS = 50;
const THREAD = { threadId: 1 };

const expression = (what: string) => ({
  type: 'string',
  description: `${what}: a name that is visible where the program stands, with properties and numbers behind it, as model.layers[0].kernel. No calls.`,
});

export const tools = {
  tapedeck_listTensors: {
    title: 'List Tensors',
    description:
      'Lists the tensors that are alive in the program that Tapedeck has paused, the largest first: name or op, shape, dtype, statistics, source line.',
    input: {
      limit: { type: 'integer', description: `How many, ${ROWS} at most; 20 unless given.` },
    },
    async answer(ask, { limit = 20 }) {
      const count = Math.max(1, Math.min(ROWS, Math.floor(Number(limit)) || 20));
      const { tensors, total, bytes } = await ask.own('tapedeck/tensors', { limit: count });
      return [`${total} tensors, ${bytes} bytes; the largest:`, ...tensors.map(line)].join('\n');
    },
  },
  tapedeck_tensorStats: {
    title: 'Tensor Statistics',
    description:
      'Gives shape, dtype, mean, standard deviation, extremes, zeros, NaN and infinities of one tensor of the paused program, and the line that made it.',
    input: { tensor: expression('The tensor') },
    required: ['tensor'],
    async answer(ask, { tensor: given }) {
      const tensor = await found(ask, named(given, 'tensor'));
      const stats = await ask.own('tapedeck/stats', { id: tensor.id, exact: true });
      return `${line(tensor)}\n${JSON.stringify(stats)}`;
    },
  },
  tapedeck_explainNaN: {
    title: 'Explain NaN',
    description:
      'Says how a NaN or an infinity came about in the paused program: the chain of ops with their lines where an exception filter stopped it, else the tensors that hold some.',
    input: {},
    async answer(ask) {
      const told = await ask.stock('exceptionInfo', THREAD).catch(() => null);
      if (/NaN|Infinity/.test(told?.exceptionId ?? ''))
        return `${told.description}\n${told.details.stackTrace}`;
      const { tensors } = await ask.own('tapedeck/tensors', { limit: 5000 });
      const bad = tensors.filter(({ stats }) => stats && stats.nan + stats.inf > 0);
      if (bad.length === 0)
        return 'No tensor that is alive holds NaN or infinities. The exception filter "NaN or Infinity (first)" stops where the first one is made.';
      const rows = bad.slice(0, ROWS).map(line);
      return `${bad.length} tensors hold NaN or infinities. The exception filter "NaN or Infinity (first)" stops where the first one is made.\n${rows.join('\n')}`;
    },
  },
  tapedeck_explainGradient: {
    title: 'Explain Gradient',
    description:
      'Says why the gradient of a target with respect to a source is null, or how it flows: the ops between them on a gradient tape of the paused program.',
    input: {
      tape: expression('The gradient tape'),
      target: expression('The tensor that was differentiated, a loss'),
      source: expression('The tensor or variable whose gradient it is'),
    },
    required: ['tape', 'target', 'source'],
    async answer(ask, input) {
      const [tape, target, source] = ['tape', 'target', 'source'].map((each) =>
        named(input[each], each),
      );
      const { stackFrames } = await ask.stock('stackTrace', { ...THREAD, levels: 1 });
      const { result } = await ask.stock('evaluate', {
        expression: `String(${tape}.explain(${target}, ${source}))`,
        context: 'watch',
        frameId: stackFrames[0]?.id,
      });
      return String(result);
    },
  },
  tapedeck_firstDivergence: {
    title: 'First Divergence',
    description:
      'Says which op of the program that Tapedeck debugs was the first to make something else than in its recorded reference run, by how much and on which line.',
    input: {},
    async answer(ask) {
      const { comparison } = await ask.own('tapedeck/comparison', {});
      if (!comparison)
        throw new Error(
          'The program is not compared with a run: "reference" in its launch configuration names the record of one.',
        );
      return divergence(comparison);
    },
  },
} as const satisfies { readonly [name: `tapedeck_${string}`]: Tool };

export type ToolName = keyof typeof tools;

/** The answer of a tool; fails with a sentence that says what would help. */
export async function answer(name: ToolName, ask: Asked | null, input: Input): Promise<string> {
  const { paused = false } = (await ask?.own('tapedeck/state', {}).catch(() => undefined)) ?? {};
  if (!ask || !paused)
    throw new Error(
      'No program is paused in Tapedeck. Start one with a breakpoint, an op breakpoint or an exception filter, and ask when it has stopped.',
    );
  const tool: Tool = tools[name];
  const text = await tool.answer(ask, input);
  const rest = text.length - LONGEST;
  return rest > 0
    ? `${text.slice(0, LONGEST)}\n… and ${rest} more characters; ask for less.`
    : text;
}

/** What package.json says of them. */
export function contributions(): readonly object[] {
  return Object.entries<Tool>(tools).map(([name, { title, description, input, required }]) => ({
    name,
    displayName: `Tapedeck: ${title}`,
    modelDescription: description,
    userDescription: description,
    tags: ['debugging', 'tensors'],
    canBeReferencedInPrompt: true,
    toolReferenceName: name.replace('tapedeck_', 'tapedeck-'),
    icon: '$(debug-alt)',
    inputSchema: { type: 'object', properties: input, ...(required && { required }) },
  }));
}

/** `w: f32[3,2] cpu  mean 0.1  sd 0.2 (/model/train.ts:5:3)`. */
function line({ name, op, text, path, place }: LiveTensor): string {
  const layer = path ? `${path}/` : '';
  const at = place ? ` (${place.path}:${place.line}:${place.column})` : '';
  return `${name ?? `${layer}${op ?? 'tensor'}`}: ${text}${at}`;
}

function divergence(comparison: PlacedComparison): string {
  const { ops, same, close, differing, missing, extra, reference } = comparison;
  const counts = `${ops} ops beside ${reference}: ${same} the same, ${close} within the tolerance, ${differing} beyond it, ${missing} missing or not there yet, ${extra} extra.`;
  const [row] = comparison.rows
    .filter(({ first }) => first !== undefined)
    .sort((a, b) => a.first!.op - b.first!.op);
  if (!row) return `No op has diverged from the reference. ${counts}`;
  const { path, place, first, abs, rel, what } = row;
  const at = place ? ` (${place.path}:${place.line}:${place.column})` : '';
  const apart = what ?? `differs by up to ${abs} (relative ${rel})`;
  return `${path}${at} was the first, in training step ${first!.step}, run ${first!.occurrence} of this op: ${apart}. ${counts}`;
}

async function found(ask: Asked, expression: string): Promise<LiveTensor> {
  const { tensor } = await ask.own('tapedeck/tensor', { ref: { id: 0, expression } });
  if (!tensor) throw new Error(`${expression} is not a tensor where the program stands.`);
  return tensor;
}

/** A name and what hangs on it; calls, assignments and operators are no names. */
function named(given: unknown, what: string): string {
  const text = typeof given === 'string' ? given.trim() : '';
  if (
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*(\.[\p{ID_Start}$_#][\p{ID_Continue}$]*|\[\d+\])*$/u.test(
      text,
    )
  )
    return text;
  throw new Error(
    `"${what}" takes a name with properties and numbers behind it, as model.layers[0].kernel; not ${JSON.stringify(given)}.`,
  );
}
