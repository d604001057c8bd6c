/** The patterns of `skipFiles`, as VS Code's own JavaScript debugger takes them. */
import { pathToFileURL } from 'node:url';

const NODE = '<node_internals>';

/** Whether an address matches; a pattern that starts with `!` takes out what an earlier one took in. */
export function matcher(patterns: readonly string[]): (url: string) => boolean {
  const rules = patterns.map((pattern) => {
    const not = pattern.startsWith('!');
    return { keep: !not, test: expression(not ? pattern.slice(1) : pattern) };
  });
  return (url) => rules.reduce((taken, { keep, test }) => (test.test(url) ? keep : taken), false);
}

function expression(pattern: string): RegExp {
  if (pattern.startsWith(NODE)) return /^node:/;
  const path = pattern.replaceAll('\\', '/');
  const anchored = /^(\/|[a-z]:)/i.test(path);
  // Stars are put back afterwards: in an address some of the other characters are escaped.
  const address = anchored ? encoded(path) : encodeURI(path);
  const body = address
    .replace(/[.+^${}()|[\]]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (glob) => GLOBS[glob]!);
  return new RegExp(`${anchored ? '^' : '(^|/)'}${body}($|/)`);
}

const GLOBS: Record<string, string> = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

function encoded(path: string): string {
  return path
    .split(/(\*+|\?)/)
    .map((part, index) => (index % 2 ? part : index ? encodeURI(part) : pathToFileURL(part).href))
    .join('');
}
