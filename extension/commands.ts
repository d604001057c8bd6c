/**
 * Every command of the extension, once: its title, where it stands in menus,
 * its key and what it does. package.json is printed from this table, so a
 * command cannot be forgotten there; `run` is one line, and the rooms it calls
 * come in as `Rooms`, so that printing needs no editor.
 */
import { LANGUAGES } from './languages.ts';
import type * as debug from './debug.ts';
import type * as ops from './ops.ts';
import type * as project from './language/project.ts';
import type { Views } from '../views/index.ts';

export interface Rooms {
  readonly debug: typeof debug;
  readonly ops: typeof ops;
  readonly project: typeof project;
  readonly views: Views;
}

export interface Command {
  readonly title: string;
  /** A codicon, as `$(name)`. */
  readonly icon?: string;
  /** When the palette lists it. */
  readonly when?: string;
  /** When it does something: else its button is grey and its key is silent. */
  readonly enablement?: string;
  readonly key?: { readonly key: string; readonly mac?: string; readonly when: string };
  /** Not in the palette: it needs something that was chosen. */
  readonly chosen?: true;
  /** Where it stands beside the palette: the menu, then its group and condition. */
  readonly menus?: { readonly [menu: string]: { readonly group?: string; readonly when?: string } };
  readonly run: (rooms: Rooms, ...chosen: any[]) => unknown;
}

const PROGRAMS = `/^(${LANGUAGES.join('|')})$/`;
const PROGRAM = `resourceLangId =~ ${PROGRAMS} && !isInDiffEditor && !virtualWorkspace`;
const OPEN_PROGRAM = `editorLangId =~ ${PROGRAMS} && !virtualWorkspace`;
const OURS = 'debugType == tapedeck';
const PROFILED = `${OURS} && tapedeck.profiling`;
const UNPROFILED = `${OURS} && !tapedeck.profiling`;
const PAUSED = `${OURS} && debugState == stopped`;
/** The moves that are rarer than a step: one button of the toolbar opens them. */
const MOVES = 'tapedeck.moves';
const OUR_TREES = 'view =~ /^tapedeck\\./';

export const commands = {
  'tapedeck.debugFile': {
    title: 'Debug with Tapedeck',
    icon: '$(debug-alt)',
    when: OPEN_PROGRAM,
    // In a session the same keys restart it.
    key: { key: 'ctrl+shift+f5', mac: 'cmd+shift+f5', when: `${OPEN_PROGRAM} && !inDebugMode` },
    menus: { 'editor/title/run': { group: '1_run@8', when: PROGRAM } },
    run: ({ debug }, file) => debug.start(file, 'debug'),
  },
  'tapedeck.profileFile': {
    title: 'Profile with Tapedeck',
    icon: '$(flame)',
    when: OPEN_PROGRAM,
    menus: { 'editor/title/run': { group: '1_run@9', when: PROGRAM } },
    run: ({ debug }, file) => debug.start(file, 'profile'),
  },
  'tapedeck.recordRun': {
    title: 'Record Run…',
    icon: '$(record)',
    when: OPEN_PROGRAM,
    run: ({ debug }, file) => debug.record(file),
  },
  'tapedeck.compareRun': {
    title: 'Compare with Reference…',
    icon: '$(diff)',
    when: OPEN_PROGRAM,
    run: ({ debug }, file) => debug.compare(file),
  },
  'tapedeck.nextOp': {
    title: 'Next Op',
    icon: '$(arrow-circle-right)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'ctrl+f10', when: OURS },
    menus: { 'debug/toolBar': { group: 'navigation@100', when: OURS } },
    run: ({ ops }) => ops.next(),
  },
  'tapedeck.finishOp': {
    title: 'Finish Op',
    icon: '$(arrow-circle-down)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'ctrl+shift+f10', when: OURS },
    menus: { 'debug/toolBar': { group: 'navigation@101', when: OURS } },
    run: ({ ops }) => ops.finish(),
  },
  'tapedeck.undoEdit': {
    title: 'Undo Edit of a Tensor',
    when: OURS,
    enablement: PAUSED,
    run: ({ ops }) => ops.undoEdit(),
  },
  'tapedeck.redoEdit': {
    title: 'Redo Edit of a Tensor',
    when: OURS,
    enablement: PAUSED,
    run: ({ ops }) => ops.redoEdit(),
  },
  'tapedeck.lastWrite': {
    title: 'Go Back to the Last Write',
    chosen: true,
    enablement: PAUSED,
    menus: {
      'debug/variables/context': {
        group: 'navigation@1',
        when: `${OURS} && debugProtocolVariableMenuContext == tensor`,
      },
      'view/item/context': {
        group: 'navigation@3',
        when: 'view == tapedeck.tensors && viewItem =~ /variable/',
      },
    },
    run: ({ views }, chosen) => views.lastWrite(chosen),
  },
  'tapedeck.lastFinite': {
    title: 'Go Back to Where a NaN Came From',
    when: OURS,
    enablement: PAUSED,
    run: ({ ops }) => ops.lastFinite(),
  },
  'tapedeck.intoOp': {
    title: 'Step Into Op',
    icon: '$(indent)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'ctrl+f11', when: OURS },
    menus: { [MOVES]: { group: '1_step@1' } },
    run: ({ ops }) => ops.into(),
  },
  'tapedeck.outOfOp': {
    title: 'Step Out of Op or Layer',
    icon: '$(arrow-up)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'ctrl+shift+f11', when: OURS },
    menus: { [MOVES]: { group: '1_step@2' } },
    run: ({ ops }) => ops.out(),
  },
  'tapedeck.runToOp': {
    title: 'Run to Op…',
    icon: '$(symbol-operator)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'shift+alt+f9', when: OURS },
    menus: { [MOVES]: { group: '2_run@1' } },
    run: ({ ops }) => ops.runToOp(),
  },
  'tapedeck.runToLayer': {
    title: 'Run to Next Layer',
    icon: '$(layers)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'shift+alt+f10', when: OURS },
    menus: { [MOVES]: { group: '2_run@2' } },
    run: ({ ops }) => ops.runTo({ to: 'layer' }),
  },
  'tapedeck.runToGradient': {
    title: 'Run to Gradient',
    icon: '$(debug-reverse-continue)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'shift+alt+f11', when: OURS },
    menus: { [MOVES]: { group: '2_run@3' } },
    run: ({ ops }) => ops.runTo({ to: 'gradient' }),
  },
  'tapedeck.runToGradientOfLine': {
    title: 'Run to Gradient of This Line',
    when: `${OURS} && ${OPEN_PROGRAM}`,
    enablement: PAUSED,
    menus: { 'editor/context': { group: 'debug@5', when: `${PAUSED} && ${OPEN_PROGRAM}` } },
    run: ({ ops }) => ops.runToGradientOfLine(),
  },
  'tapedeck.runToStep': {
    title: 'Run to Next Training Step',
    icon: '$(debug-continue)',
    when: OURS,
    enablement: PAUSED,
    key: { key: 'shift+alt+f5', when: OURS },
    menus: { [MOVES]: { group: '2_run@4' } },
    run: ({ ops }) => ops.runTo({ to: 'step' }),
  },
  'tapedeck.addOpLogpoint': {
    title: 'Add Op Logpoint…',
    when: `${OURS} || ${OPEN_PROGRAM}`,
    run: ({ ops }) => ops.addLogpoint(),
  },
  'tapedeck.addOpBreakpoint': {
    title: 'Add Op Breakpoint…',
    icon: '$(symbol-operator)',
    menus: {
      'view/title': {
        group: 'navigation@0',
        when: `view == workbench.debug.breakPointsView && (${OURS} || ${OPEN_PROGRAM})`,
      },
    },
    run: ({ ops }) => ops.addBreakpoint(),
  },
  'tapedeck.openTensor': {
    title: 'Open Tensor…',
    icon: '$(table)',
    when: OURS,
    menus: {
      'debug/variables/context': {
        group: 'navigation@0',
        when: `${OURS} && debugProtocolVariableMenuContext == tensor`,
      },
      'view/item/context': { group: 'inline@0', when: `${OUR_TREES} && viewItem =~ /tensor/` },
    },
    run: ({ views }, chosen) => views.openTensor(chosen),
  },
  'tapedeck.goToLine': {
    title: 'Go to Line',
    icon: '$(go-to-file)',
    chosen: true,
    menus: {
      'view/item/context': { group: 'inline@1', when: `${OUR_TREES} && viewItem =~ /placed/` },
    },
    run: ({ views }, chosen) => views.goToLine(chosen),
  },
  'tapedeck.goToNode': {
    title: 'Go to the Op That Made It',
    icon: '$(arrow-up)',
    chosen: true,
    menus: {
      'view/item/context': { group: 'inline@2', when: `${OUR_TREES} && viewItem =~ /made/` },
    },
    run: ({ views }, chosen) => views.goToNode(chosen),
  },
  'tapedeck.refreshTensors': {
    title: 'Refresh Tensors',
    icon: '$(refresh)',
    when: OURS,
    menus: { 'view/title': { group: 'navigation@9', when: 'view == tapedeck.tensors' } },
    run: ({ views }) => views.refreshTensors(),
  },
  'tapedeck.refreshTape': {
    title: 'Refresh Gradient Tape',
    icon: '$(refresh)',
    when: OURS,
    menus: { 'view/title': { group: 'navigation@9', when: 'view == tapedeck.tape' } },
    run: ({ views }) => views.refreshTape(),
  },
  'tapedeck.startProfile': {
    title: 'Start Profiling',
    icon: '$(flame)',
    when: UNPROFILED,
    menus: { 'debug/toolBar': { group: 'navigation@102', when: UNPROFILED } },
    run: ({ views }) => views.profile(true),
  },
  'tapedeck.stopProfile': {
    title: 'Stop Profiling',
    icon: '$(stop-circle)',
    when: PROFILED,
    menus: { 'debug/toolBar': { group: 'navigation@102', when: PROFILED } },
    run: ({ views }) => views.profile(false),
  },
  'tapedeck.openFlameChart': {
    title: 'Open Flame Chart',
    icon: '$(flame)',
    menus: { 'view/title': { group: 'navigation@1', when: 'view == tapedeck.tape' } },
    run: ({ views }) => views.openFlameChart(),
  },
  'tapedeck.writeTsconfig': {
    title: 'Write tsconfig.json',
    when: 'workspaceFolderCount > 0 && !virtualWorkspace',
    run: ({ project }) => project.writeTsconfig(),
  },
} as const satisfies { readonly [id: `tapedeck.${string}`]: Command };

/** Buttons that open a menu of commands. */
export const submenus = {
  [MOVES]: {
    label: 'Run to Op, Layer or Gradient',
    icon: '$(run-below)',
    menus: { 'debug/toolBar': { group: 'navigation@103', when: OURS } },
  },
} as const;
