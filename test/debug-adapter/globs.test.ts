/** The patterns of `skipFiles`. */
import assert from 'node:assert';
import { test } from 'node:test';
import { matcher } from '../../debug-adapter/globs.ts';

const cases: [patterns: string[], url: string, matches: boolean][] = [
  [['**/node_modules/**'], 'file:///a/node_modules/b/c.js', true],
  [['**/node_modules/**'], 'file:///a/modules/b/c.js', false],
  [['/a/b/*.ts'], 'file:///a/b/c.ts', true],
  [['/a/b/*.ts'], 'file:///a/b/d/c.ts', false],
  [['/a/**/c.ts'], 'file:///a/b/d/c.ts', true],
  [['/a folder/*.ts'], 'file:///a%20folder/c.ts', true],
  [['**/*.min.js'], 'file:///a/b.min.js', true],
  [['**/*.min.js'], 'file:///a/bminjs', false],
  [['<node_internals>/**'], 'node:internal/timers', true],
  [['**/lib/**', '!**/lib/mine/**'], 'file:///lib/mine/a.js', false],
  [['**/lib/**', '!**/lib/mine/**'], 'file:///lib/other/a.js', true],
  [[], 'file:///a.js', false],
];
for (const [patterns, url, matches] of cases)
  test(`${JSON.stringify(patterns)} ${matches ? 'takes in' : 'leaves out'} ${url}`, () =>
    assert.equal(matcher(patterns)(url), matches));
