import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as esbuild from 'esbuild';
import { optionsOf } from '../../scripts/build.ts';
import { bundles } from '../../scripts/bundles.ts';

test('what stands on the stack of an op pause is bundled apart from the ops and devices', async () => {
  const engine = bundles.find(({ from }) => from.startsWith('engine/'))!;
  const { metafile } = await esbuild.build({ ...optionsOf(engine), write: false });
  const parts = Object.values(metafile!.outputs).map(({ inputs }) => Object.keys(inputs));
  for (const name of ['run', 'trace', 'functions', 'backward']) {
    const part = parts.find((files) => files.includes(`engine/${name}.ts`))!;
    const other = part.filter((file) => /^engine\/(ops|devices)\//.test(file));
    assert.deepEqual(other, [], name);
  }
});
