import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { suite, test } from 'node:test';
import { cellsOf, childrenOf } from '../../engine/cells.ts';
import * as tf from '../../engine/index.ts';
import { setDevice } from '../../engine/placement.ts';
import { rowOf } from '../../engine/rows.ts';
import { textsOf } from '../../engine/texts.ts';
import { assign, setElement } from '../../engine/user-edits.ts';
import { devices } from '../kit/samples.ts';

const words = () =>
  tf.tensor([
    ['a', 'b', ''],
    ['dd', 'é', 'f'],
  ]);

for (const { name, skip } of devices) {
  suite(`text on ${name}`, { skip }, () => {
    test('is made of lists and read again', () => {
      setDevice(name);
      const x = words();
      assert.deepEqual([x.dtype, x.shape], ['string', [2, 3]]);
      assert.deepEqual(x.data(), ['a', 'b', '', 'dd', 'é', 'f']);
      assert.deepEqual(tf.tensor(x.array() as string[][]).array(), x.array());
      assert.equal(tf.tensor('one').item(), 'one');
      assert.deepEqual(JSON.stringify(x), '[["a","b",""],["dd","é","f"]]');
      assert.deepEqual(tf.zeros([2], 'string').array(), ['', '']);
    });

    test('is moved like numbers', () => {
      setDevice(name);
      const x = words();
      assert.deepEqual(x.transpose().array(), [
        ['a', 'dd'],
        ['b', 'é'],
        ['', 'f'],
      ]);
      assert.deepEqual(x.transpose().flatten().array(), ['a', 'dd', 'b', 'é', '', 'f']);
      assert.deepEqual(x.slice([1, 1]).array(), [['é', 'f']]);
      assert.deepEqual(x.transpose().gather([2, 0]).array(), [
        ['', 'f'],
        ['a', 'dd'],
      ]);
      assert.deepEqual(
        tf
          .concat([x, x.reverse(1)], 0)
          .gather([3])
          .array(),
        [['f', 'é', 'dd']],
      );
      assert.deepEqual(tf.stack([x, x]).shape, [2, 2, 3]);
      assert.deepEqual(x.at([1, 0], '::2').array(), [
        ['dd', 'f'],
        ['a', ''],
      ]);
      assert.deepEqual(x.at(x.equal('b')).array(), ['b']);
      assert.deepEqual(x.equal('b').where('!', x).array(), [
        ['a', '!', ''],
        ['dd', 'é', 'f'],
      ]);
      assert.deepEqual(x.split(3, 1)[2]!.flatten().array(), ['', 'f']);
      assert.deepEqual(x.tile([1, 2]).shape, [2, 6]);
      assert.throws(() => x.gather([2]), /gather: index 2 .*lies outside axis 0/);
    });

    test('is compared', () => {
      setDevice(name);
      assert.deepEqual(words().equal(['dd', 'b', '']).array(), [
        [false, true, true],
        [true, false, false],
      ]);
      assert.deepEqual(words().slice([0, 0], [1, 1]).notEqual('b').array(), [[true]]);
    });

    test('is told apart', () => {
      setDevice(name);
      const list = tf.tensor(['b', '', 'b', 'a', '']).reshape([5]);
      const { values, indices, counts } = list.unique();
      assert.deepEqual(values.array(), ['b', '', 'a']);
      assert.deepEqual(indices.array(), [0, 1, 0, 2, 1]);
      assert.deepEqual(counts.array(), [2, 2, 1]);
      // A comma in a text is none between two.
      const rows = tf.tensor([
        ['a,b', 'c'],
        ['a', 'b,c'],
        ['a,b', 'c'],
      ]);
      assert.deepEqual(rows.unique().values.array(), [
        ['a,b', 'c'],
        ['a', 'b,c'],
      ]);
      assert.deepEqual(rows.transpose().unique(1).indices.array(), [0, 1, 0]);
      assert.deepEqual(rows.transpose().unique(1).values.array(), [
        ['a,b', 'a'],
        ['c', 'b,c'],
      ]);
      assert.deepEqual(tf.zeros([0], 'string').unique().counts.shape, [0]);
      assert.deepEqual(words().shuffle(1, 3).unique(1).values.shape, [2, 3]);
    });

    test('is no number', () => {
      setDevice(name);
      const x = words();
      assert.throws(() => x.add(x), /^Error: add: a tensor of strings is no number/);
      assert.throws(() => x.add(1), /^Error: add: /);
      assert.throws(() => x.sum(), /^Error: sum: a tensor of strings is no number/);
      assert.throws(() => x.cast('f32'), /^Error: cast: a tensor of strings is no number/);
      assert.throws(() => x.softmax(), /^Error: softmax: a tensor of strings is no number/);
      assert.throws(() => x.less('b'), /^Error: less: /);
      assert.throws(
        () => tf.concat([x, tf.ones([1, 3])]),
        /^Error: concat: string and f32 have no/,
      );
      assert.throws(() => tf.ones([2], 'string'), /^Error: ones: /);
      assert.throws(() => tf.tensor(['a', 1]), /^Error: tensor: 1 stands among texts/);
      assert.throws(() => tf.tensor([1, 'a']), /^Error: tensor: the string 'a' stands where/);
      assert.throws(() => tf.tensor(['a'], [1], 'f32'), /^Error: tensor: the string 'a' stands/);
      assert.throws(() => tf.tensor([1]).cast('string'), /^Error: cast: /);
    });
  });
}

test('prints as NumPy 1.24 does, and a debugger shows how it begins', () => {
  setDevice('cpu');
  assert.equal(inspect(words()), "string[2,3] cpu\n[['a' 'b' '']\n ['dd' 'é' 'f']]");
  assert.equal(rowOf(words()).text, 'string[2,3] cpu  "a", "b", "", "dd", "é", "f"');
  assert.match(rowOf(tf.tensor(['x'.repeat(99), 'y'])).text, /x…, …$/);
  assert.equal(childrenOf(words(), [1], 0, 1)[0]!.text, '"dd"');
  const all = { rowAxis: 0, columnAxis: 1, at: [0, 0], rows: [0, 1], columns: [0, 2] } as const;
  assert.deepEqual(cellsOf(words(), all), { text: ['"a"', '"b"'] });
});

test('texts are edited in place, as they stand or in quotes; a tape keeps those it saved', () => {
  setDevice('cpu');
  const x = words();
  const turned = x.transpose();
  setElement(turned, [1, 0], ' as it is');
  setElement(x, [0, 0], ` 'it\\'s "so"\\n' `);
  setElement(x, [1, 2], '"\\u00e9\\"" ');
  setElement(x, [0, 2], '');
  assert.deepEqual(x.data(), [`it's "so"\n`, ' as it is', '', 'dd', 'é', 'é"']);
  assert.throws(() => setElement(x, [0, 0], `'open`), /'open is not a value of string: its quotes/);
  assert.throws(() => setElement(x, [0, 0], `"a"b"`), /"a"b" is not .* take a backslash/);
  assign(turned, [
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ]);
  assert.deepEqual(x.data(), ['1', '3', '5', '2', '4', '6']);
  const { bytes } = x.storage;
  bytes.pins++;
  setElement(x, [0, 0], 'new');
  bytes.pins--;
  assert.deepEqual(x.data(), ['new', '3', '5', '2', '4', '6']);
  assert.equal(textsOf({ storage: { bytes } as typeof x.storage })[0], '1');
  assign(x, 'all');
  assert.deepEqual(x.data(), Array<string>(6).fill('all'));
  assert.throws(() => assign(x, 3), /^Error: 3 is not a value of string: 'text' would be$/);
  assert.throws(() => assign(x, ['a']), /nested lists of \[2, ?3\], one text for all/);
  assert.throws(() => assign(tf.tensor([1]), 'a'), /the string 'a' does not fit f32\[1\]/);
});

test('a debugger reads and writes whole numbers beyond 2⁵³ exactly', () => {
  setDevice('cpu');
  const large = tf.tensor([9007199254740993n, -9223372036854775808n], undefined, 'i64');
  const most = tf.tensor([18446744073709551615n], undefined, 'u64');
  const all = { rowAxis: 0, columnAxis: null, at: [0], rows: [0, 2], columns: [0, 1] } as const;
  assert.deepEqual(cellsOf(large, all).text, ['9007199254740993', '-9223372036854775808']);
  assert.deepEqual(cellsOf(most, all).text, ['18446744073709551615']);
  setElement(large, [0], '-9007199254740995');
  setElement(most, [0], '18446744073709551613');
  assert.deepEqual([...large.data()], [-9007199254740995n, -9223372036854775808n]);
  assert.deepEqual([...most.data()], [18446744073709551613n]);
  assert.throws(() => setElement(most, [0], '18446744073709551616'), /does not fit u64/);
});

test('variables of text take text, those of numbers take numbers', () => {
  setDevice('cpu');
  const lists = tf.variable(['a', 'b']).assign(['c', 'd']).assignAt(0, 'e');
  assert.deepEqual(lists.with(1, 'f').array(), ['e', 'f']);
  assert.throws(() => tf.variable(['a'], true, 'v', 'f32'), /^Error: variable: the string 'a'/);
  const texts = tf.variable(tf.tensor(['a', 'b']));
  const numbers = tf.variable([1, 2]);
  const apart = /text and numbers do not become each other/;
  assert.throws(() => texts.assign(tf.tensor([1, 2])), apart);
  assert.throws(() => texts.assignAt(0, tf.tensor(1)), apart);
  assert.throws(() => numbers.assign(tf.tensor(['a', 'b'])), apart);
  assert.throws(() => numbers.assignAt(0, tf.tensor('a')), apart);
  assert.throws(() => tf.variable(tf.tensor('a'), true, 'v', 'f32'), apart);
  assert.deepEqual(texts.assignAt(0, tf.tensor('c')).array(), ['c', 'b']);
  assert.deepEqual(numbers.array(), [1, 2]);
});

test('text outlives other handles, and moves between devices', () => {
  setDevice('cpu');
  const x = words();
  const row = x.slice([1]);
  x.dispose();
  assert.deepEqual(row.to('plain').array(), [['dd', 'é', 'f']]);
  const v = tf.variable(row);
  v.assign(tf.tensor([['x', 'y', 'z']]));
  assert.deepEqual(v.array(), [['x', 'y', 'z']]);
  assert.deepEqual(row.array(), [['dd', 'é', 'f']]);
});
