/** The editor's font and colours, as a canvas takes them. */
import { COLORS, opaque } from '../../colors.ts';

export interface Style {
  readonly font: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly back: string;
  readonly focus: string;
  readonly colors: readonly string[];
  /** High contrast: boxes are outlines. */
  readonly outlined: boolean;
}

export function styleNow(): Style {
  const styles = getComputedStyle(document.documentElement);
  const of = (name: string, other: string) =>
    styles.getPropertyValue(`--vscode-${name}`).trim() || other;
  const text = of('editor-foreground', '#808080');
  return {
    font: `12px ${of('font-family', 'sans-serif')}`,
    text,
    quiet: of('descriptionForeground', text),
    line: of('panel-border', '#80808040'),
    back: of('editor-background', '#000000'),
    focus: of('focusBorder', text),
    colors: COLORS.map((name) => opaque(of(`charts-${name}`, '#808080'))),
    outlined: (document.body.dataset['vscodeThemeKind'] ?? '').includes('high-contrast'),
  };
}
