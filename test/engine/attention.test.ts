import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { tensor } from '../../engine/creation.ts';
import { functions } from '../../engine/functions.ts';
import { setDevice } from '../../engine/placement.ts';
import { setSeed } from '../../engine/random-state.ts';
import { GradientTape } from '../../engine/tape.ts';
import { devices } from '../kit/samples.ts';

const { scaledDotProductAttention: attend } = functions;

for (const { name, skip } of devices) {
  suite(`attention on ${name}`, { skip }, () => {
    const values = () => {
      setDevice(name);
      return [
        tensor([1, 2, 3, 4], [2, 2]),
        tensor([1, 0, 0, 1, 1, 1], [3, 2]),
        tensor([1, 10, 2, 20, 3, 30], [3, 2]),
      ] as const;
    };

    test('where a mask leaves nobody the result and its gradients are 0', () => {
      const [query, key, value] = values();
      const mask = tensor([false, false, false, false, true, false], [2, 3]);
      using tape = new GradientTape();
      tape.watch([query, key, value]);
      const out = attend(query, key, value, mask);
      assert.deepEqual(out.array(), [
        [0, 0],
        [2, 20],
      ]);
      const gradients = tape.gradient(out.sum(), [query, key, value]);
      assert.deepEqual(
        gradients.map((g) => g!.array()),
        [
          [
            [0, 0],
            [0, 0],
          ],
          [
            [0, 0],
            [0, 0],
            [0, 0],
          ],
          [
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      );
    });

    test('a causal query does not see what comes after it', () => {
      const [query, key, value] = values();
      const [first] = attend(query, key, value, undefined, 0, true).array() as number[][];
      assert.deepEqual(first, [1, 10]);
    });

    test('dropped weights are the same for the same seed, and none are drawn without', () => {
      const [query, key, value] = values();
      const drawn = () => {
        setSeed(3);
        return attend(query, key, value, undefined, 0.5).array();
      };
      assert.deepEqual(drawn(), drawn());
      setSeed(3);
      const next = functions.randomUniform([4]).array();
      setSeed(3);
      attend(query, key, value);
      assert.deepEqual(functions.randomUniform([4]).array(), next);
    });
  });
}
