/** Laws of the op table, whatever the values: every row has one of its own. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setDevice } from '../../../engine/placement.ts';
import { devices, table } from '../../kit/samples.ts';
import { laws as elements } from './laws/elements.ts';
import { laws as linear } from './laws/linear.ts';
import { laws as others } from './laws/others.ts';
import { laws as shapes, views } from './laws/shapes.ts';
import { laws as wholes } from './laws/wholes.ts';

const laws = [...elements, ...wholes, ...linear, ...shapes, ...others, views];
const best = devices.findLast(({ skip }) => !skip)!.name;

for (const { says, of, check } of laws) {
  suite(says, () => {
    for (const op of of) {
      test(op, () => {
        assert.ok(op in table, 'no such op');
        setDevice(best);
        check(op);
      });
    }
  });
}

test('every row has a law of its own', () => {
  const of = new Set(laws.filter((law) => law !== views).flatMap(({ of }) => of));
  const none = Object.keys(table).filter((op) => !of.has(op));
  assert.deepEqual(none, [], 'add them to a table in test/engine/properties/laws/');
});
