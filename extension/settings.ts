/**
 * Every setting of the extension, once: package.json is printed from this
 * table, and the rest of the extension reads settings through `setting`. Only the
 * types of the editor are used here, so that printing needs no editor.
 */
import type { WorkspaceConfiguration } from 'vscode';

export interface Setting {
  readonly type: 'string' | 'boolean' | 'number';
  readonly default: string | boolean | number;
  readonly description: string;
  /** The values it may take, each with what it means. */
  readonly values?: { readonly [value: string]: string };
  /** A workspace that is not trusted may not set it. */
  readonly restricted?: boolean;
}

export const settings = {
  'tapedeck.node': {
    type: 'string',
    default: '',
    description:
      'The Node that runs your programs: a path, or a name on the PATH. Empty: `node` from the PATH where it is 22.15 or newer, else the Node that runs VS Code. `runtimeExecutable` in launch.json goes before it.',
    restricted: true,
  },
  'tapedeck.debugAdapter': {
    type: 'string',
    default: 'inline',
    description: 'Where the debug adapter runs.',
    values: {
      inline: 'In the extension host: starts fastest.',
      executable: 'In a process of its own, as in other editors.',
    },
  },
} as const satisfies { readonly [key: string]: Setting };

export type SettingName = keyof typeof settings;

/** What the user has chosen, in the configuration of the editor or of one folder. */
export function setting(name: SettingName, configuration: WorkspaceConfiguration): string {
  return configuration.get<string>(name, settings[name].default);
}
