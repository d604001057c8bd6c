/** What the rows of both trees say and in which order they stand; knows no editor. */
import type {
  LiveTensor,
  Look,
  PlacedComparison,
  Place,
  PlacedNode,
  Stats,
  TapeInfo,
  TensorId,
} from '../../debug-adapter/protocol.ts';
import { bytesText, fileName, numText, plural, shapeText } from '../text.ts';

export interface TensorGroup {
  /** The same at every pause, so that the editor keeps what is open and where it is scrolled. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly groups: readonly TensorGroup[];
  readonly tensors: readonly LiveTensor[];
}

/** Variables by name; everything else by size, the newest first among equals. Empty groups are left out. */
export function groupTensors(tensors: readonly LiveTensor[]): readonly TensorGroup[] {
  const of = (group: LiveTensor['group']) => tensors.filter((tensor) => tensor.group === group);
  const layers = Map.groupBy(of('layer'), ({ path }) => path ?? '');
  const groups = [
    tensorGroup('variable', 'Variables', of('variable').sort(byName)),
    tensorGroup('saved', 'Saved by a tape', of('saved').sort(bySize)),
    tensorGroup(
      'layer',
      'Made in a layer scope',
      [],
      [...layers]
        .sort(([a], [b]) => compareNames(a, b))
        .map(([path, members]) => tensorGroup(`layer/${path}`, path, members.sort(bySize))),
    ),
    tensorGroup('other', 'Other', of('other').sort(bySize)),
  ];
  return groups.filter((group) => group.tensors.length > 0 || group.groups.length > 0);
}

function tensorGroup(
  id: string,
  title: string,
  tensors: readonly LiveTensor[],
  groups: readonly TensorGroup[] = [],
): TensorGroup {
  const all = [...tensors, ...groups.flatMap((group) => group.tensors)];
  const description = `${all.length} · ${bytesText(bytesOf(all))}`;
  return { id: `group/${id}`, title, description, groups, tensors };
}

/** Beside the title of a tree that shows the past; empty in the present. */
export function pastDescription(past: Look | undefined): string {
  if (!past) return '';
  return `${past.ago} ${past.ago === 1 ? 'op' : 'ops'} ago, before ${past.op}`;
}

/** Views share a storage: its bytes count once. */
export function bytesOf(tensors: readonly LiveTensor[]): number {
  const storages = new Map(tensors.map((tensor) => [tensor.storage, tensor.bytes]));
  return [...storages.values()].reduce((sum, bytes) => sum + bytes, 0);
}

const compareNames = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
const byName = (a: LiveTensor, b: LiveTensor): number =>
  compareNames(a.name ?? '', b.name ?? '') || a.id - b.id;
const bySize = (a: LiveTensor, b: LiveTensor): number => b.bytes - a.bytes || b.id - a.id;

/** The name the program gave, else the op that made it. */
export const tensorLabel = (tensor: LiveTensor): string => tensor.name ?? tensor.op ?? 'tensor';

export function tensorDescription(tensor: LiveTensor): string {
  const { stats } = tensor;
  const parts = [
    shapeText(tensor.dtype, tensor.shape),
    tensor.view ? 'view' : bytesText(tensor.bytes),
    alarmText(stats),
    stats && meanText(stats),
    tensor.name === undefined && tensor.place && placeText(tensor.place),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What the eye must not miss: not-a-number before the infinities. */
export function alarm(stats: Stats | undefined): 'nan' | 'inf' | null {
  if (!stats) return null;
  return stats.nan > 0 ? 'nan' : stats.inf > 0 ? 'inf' : null;
}

export function alarmText(stats: Stats | undefined): string {
  const parts = [stats?.nan ? `${stats.nan} NaN` : '', stats?.inf ? `${stats.inf} Inf` : ''].filter(
    Boolean,
  );
  return parts.join(', ');
}

function meanText(stats: Stats): string {
  if (stats.count === 0) return 'no elements';
  const about = stats.sampled ? '~' : '';
  if (stats.count === 1) return `= ${about}${numText(stats.mean)}`;
  return `mean ${about}${numText(stats.mean)} sd ${about}${numText(stats.sd)}`;
}

/** Lines of a tooltip: a term and what it is. */
export function tensorFacts(tensor: LiveTensor): readonly (readonly [string, string])[] {
  const { stats } = tensor;
  const facts: [string, string | undefined][] = [
    ['shape', shapeText(tensor.dtype, tensor.shape)],
    ['device', tensor.device],
    [
      'bytes',
      `${bytesText(tensor.bytes)}${tensor.view ? ', shared with the tensor it views' : ''}`,
    ],
    ['made by', tensor.op],
    ['layer', tensor.path || undefined],
    ['line', tensor.place && placeText(tensor.place)],
    ['kept', tensor.saved ? 'saved by a tape for its backward pass' : undefined],
    ['alarm', alarmText(stats) || undefined],
    [
      'range',
      stats && stats.count > 0 ? `${numText(stats.min)} to ${numText(stats.max)}` : undefined,
    ],
    ['zeros', stats && stats.count > 0 ? `${stats.zeros} of ${stats.count}` : undefined],
    ['statistics', stats?.sampled ? 'from a sample' : undefined],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

export const placeText = (place: Place): string => `${fileName(place.path)}:${place.line}`;

/** How many nodes of a tape are one page of the tree. */
export const PAGE = 200;

/** The pages of a tape: one for a short tape, which then shows its nodes at once. */
export function pagesOf(
  nodes: number,
): readonly { readonly start: number; readonly count: number }[] {
  const pages = [];
  for (let start = 0; start < nodes; start += PAGE)
    pages.push({ start, count: Math.min(PAGE, nodes - start) });
  return pages;
}

export const tapeLabel = (tape: TapeInfo): string => `Tape ${tape.id}`;

export function tapeDescription(tape: TapeInfo & { readonly place?: Place }): string {
  const state = { recording: 'recording', paused: 'paused', closed: 'closed', used: 'used up' };
  const parts = [
    state[tape.state] + (tape.persistent ? ', persistent' : ''),
    plural(tape.nodes, 'node'),
    bytesText(tape.bytes),
    tape.place ? placeText(tape.place) : '',
  ];
  return parts.filter(Boolean).join(' · ');
}

export const nodeLabel = (node: PlacedNode): string => (node.edit ? 'edit' : node.op);

export function nodeDescription(node: PlacedNode): string {
  const shapes = (list: readonly { readonly shape: readonly number[] }[]) =>
    list.map((tensor) => `[${tensor.shape.join(',')}]`).join(' ');
  const parts = [
    `${shapes(node.inputs)} → ${shapes(node.outputs)}`,
    node.bytes > 0 ? `keeps ${bytesText(node.bytes)}` : '',
    node.gradient ? `∇ ${alarmText(node.gradient.stats) || gradientText(node.gradient)}` : '',
    node.path,
  ];
  return parts.filter(Boolean).join(' · ');
}

function gradientText({ stats }: { readonly stats?: Stats }): string {
  return stats ? meanText(stats) : 'known';
}

/** A row below a tape node. */
export interface NodePart {
  readonly id: string;
  readonly kind: 'input' | 'output' | 'saved' | 'gradient';
  readonly label: string;
  readonly description: string;
  readonly tensor: TensorId;
  /** Its values can be looked at: the tape keeps them. */
  readonly kept: boolean;
  /** The node that made an input, where it is on the same tape. */
  readonly from: number | null;
  readonly alarm: 'nan' | 'inf' | null;
}

export function partsOf(node: PlacedNode): readonly NodePart[] {
  const saved = new Set(node.saved.map(({ id }) => id));
  const quiet = { from: null, alarm: null, kept: true };
  const parts: NodePart[] = [
    ...node.inputs.map((input, at): NodePart => ({
      ...quiet,
      id: `input/${at}`,
      kind: 'input',
      label: input.name,
      description: [
        shapeText(input.dtype, input.shape),
        input.node === null ? 'from outside the tape' : `from node ${input.node}`,
      ].join(' · '),
      tensor: input.id,
      kept: saved.has(input.id),
      from: input.node,
    })),
    ...node.outputs.map((output, at): NodePart => ({
      ...quiet,
      id: `output/${at}`,
      kind: 'output',
      label: output.name,
      description: shapeText(output.dtype, output.shape),
      tensor: output.id,
      kept: saved.has(output.id),
    })),
    ...node.saved.map((saved, at): NodePart => ({
      ...quiet,
      id: `saved/${at}`,
      kind: 'saved',
      label: saved.name,
      description: `${shapeText(saved.dtype, saved.shape)} · keeps ${bytesText(saved.bytes)}`,
      tensor: saved.id,
    })),
  ];
  if (node.gradient)
    parts.push({
      ...quiet,
      id: 'gradient',
      kind: 'gradient',
      label: 'gradient',
      description: [
        shapeText(node.gradient.dtype, node.gradient.shape),
        alarmText(node.gradient.stats),
        gradientText(node.gradient),
      ]
        .filter(Boolean)
        .join(' · '),
      tensor: node.gradient.id,
      alarm: alarm(node.gradient.stats),
    });
  return parts;
}

/** An op of the program's text beside that of the reference. */
export type ComparedRow = PlacedComparison['rows'][number];
export interface ComparedGroup {
  readonly id: 'differing' | 'missing' | 'extra' | 'matching';
  readonly title: string;
  readonly description: string;
  readonly rows: readonly ComparedRow[];
}

/** Each row where it is worst. Empty groups are left out. */
export function groupCompared({ rows, over }: PlacedComparison): readonly ComparedGroup[] {
  const worst = (row: ComparedRow): ComparedGroup['id'] =>
    row.differing ? 'differing' : row.missing ? 'missing' : row.extra ? 'extra' : 'matching';
  const by = Map.groupBy(rows, worst);
  const titles = {
    differing: 'Differing',
    missing: over ? 'Missing' : 'Not there yet',
    extra: 'Extra',
    matching: 'Matching',
  };
  return (Object.keys(titles) as ComparedGroup['id'][]).flatMap((id) => {
    const found = by.get(id);
    return found ? [{ id, title: titles[id], description: String(found.length), rows: found }] : [];
  });
}

export function comparedSummary(comparison: PlacedComparison): string {
  const { reference, complete, ops, same, close, differing, left } = comparison;
  const counts = `${same} the same, ${close} within the tolerance, ${differing} beyond it`;
  const cut = complete ? '' : ', which did not come to its end';
  const more = left > 0 ? ` ${plural(left, 'row')} left out.` : '';
  return `${plural(ops, 'op')} beside ${reference}${cut}: ${counts}.${more}`;
}

/** `train.ts:12 · 2 of 40 differ, first run 7 in step 3 · relative 0.01, absolute 2.5 · 3 missing`. */
export function comparedDescription(row: ComparedRow): string {
  const { place, then, same, close, differing, missing, extra, abs, rel, first, what } = row;
  const all = same + close + differing;
  const where = place ? placeText(place) : then ? `${then.name}:${then.line} there` : '';
  const since = first && all > 1 ? `, first run ${first.occurrence} in step ${first.step}` : '';
  const apart = `relative ${numText(rel)}, absolute ${numText(abs)}`;
  return [
    where,
    differing > 0 && `${differing} of ${all} ${differing === 1 ? 'differs' : 'differ'}${since}`,
    what ?? (Number(rel) > 0 && apart),
    missing > 0 && `${missing} missing`,
    extra > 0 && `${extra} extra`,
    differing + missing + extra === 0 && `${all} of ${all}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
