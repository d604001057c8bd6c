/**
 * What package.json must say of the extension, derived from the tables of
 * commands, settings and launch attributes. The test of the manifest compares
 * the two, and rewrites package.json where it is asked to.
 */
import { TYPE } from '../debug-adapter/protocol.ts';
import { schema } from '../debug-adapter/index.ts';
import { commands, submenus, type Command } from './commands.ts';
import { LANGUAGES } from './languages.ts';
import { PANELS } from '../views/protocol.ts';
import { contributions } from './tools.ts';
import { settings, type Setting } from './settings.ts';

const OURS = `debugType == ${TYPE}`;
const table: [string, Command][] = Object.entries(commands);

/** The parts of package.json that are printed. */
export const manifest = {
  activationEvents: [
    `onDebugResolve:${TYPE}`,
    `onDebugDynamicConfigurations:${TYPE}`,
    'onDebugInitialConfigurations',
    // Panels that a reloaded window brings back.
    ...Object.values(PANELS).map((panel) => `onWebviewPanel:${panel}`),
  ],
  capabilities: {
    virtualWorkspaces: {
      supported: false,
      description: 'Programs run on Node, which reads files from the disk.',
    },
    untrustedWorkspaces: {
      supported: 'limited',
      description: 'Nothing runs before the workspace is trusted. Types and completions work.',
      restrictedConfigurations: Object.entries<Setting>(settings)
        .filter(([, setting]) => setting.restricted)
        .map(([name]) => name),
    },
  },
  contributes: {
    breakpoints: LANGUAGES.map((language) => ({ language })),
    debuggers: [
      {
        type: TYPE,
        label: 'Tapedeck',
        languages: LANGUAGES,
        configurationAttributes: { launch: schema() },
        configurationSnippets: [
          {
            label: 'Tapedeck: Debug this file',
            description: 'Run the open file, and stop on its lines and ops',
            body: {
              type: TYPE,
              request: 'launch',
              name: 'Debug this file',
              program: '^"\\${file}"',
            },
          },
        ],
      },
    ],
    commands: table.map(([command, { title, icon, enablement }]) => ({
      command,
      title,
      ...(!title.includes('Tapedeck') && { category: 'Tapedeck' }),
      ...(icon && { icon }),
      ...(enablement && { enablement }),
    })),
    keybindings: table.flatMap(([command, { key }]) => (key ? [{ command, ...key }] : [])),
    menus: menus(),
    submenus: Object.entries(submenus).map(([id, { label, icon }]) => ({ id, label, icon })),
    views: {
      debug: [
        { id: 'tapedeck.tensors', name: 'Tensors', when: `${OURS} && inDebugMode` },
        { id: 'tapedeck.tape', name: 'Gradient Tape', when: `${OURS} && inDebugMode` },
        { id: 'tapedeck.comparison', name: 'Reference Run', when: 'tapedeck.compared' },
      ],
    },
    configuration: {
      title: 'Tapedeck',
      properties: Object.fromEntries(
        Object.entries<Setting>(settings).map(([name, setting]) => [name, settingSchema(setting)]),
      ),
    },
    languageModelTools: contributions(),
    typescriptServerPlugins: [
      { name: '@tapedeck/typescript-plugin', enableForWorkspaceTypeScriptVersions: true },
    ],
  },
};

function menus() {
  const found: { [menu: string]: object[] } = {};
  for (const [command, { menus, when, chosen }] of table) {
    for (const [menu, place] of Object.entries(menus ?? {})) {
      (found[menu] ??= []).push({ command, ...place });
    }
    const shown = chosen ? 'false' : when;
    if (shown) (found['commandPalette'] ??= []).push({ command, when: shown });
  }
  for (const [submenu, { menus }] of Object.entries(submenus))
    for (const [menu, place] of Object.entries(menus))
      (found[menu] ??= []).push({ submenu, ...place });
  return found;
}

function settingSchema({ type, default: value, description, values, restricted }: Setting) {
  return {
    type,
    default: value,
    markdownDescription: description,
    ...(values && { enum: Object.keys(values), enumDescriptions: Object.values(values) }),
    ...(restricted && { scope: 'machine-overridable' }),
  };
}
