/** From an element to the op and the elements that it was made of. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { OriginOf, PlacedOrigin } from '../../debug-adapter/protocol.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { opBreakpoints } from '../kit/look.ts';

const idOf = async (client: Client, expression: string): Promise<number> =>
  (await client.ask('tapedeck/tensor', { ref: { id: 0, expression } })).tensor!.id;

const hops = async (client: Client, of: OriginOf): Promise<readonly string[]> =>
  (await client.ask('tapedeck/origin', { of })).hops.map(say);

/** `matMul:12 [1,0]=8 of x[1,0]=2 x[1,1]=3` */
function say({ op, place, index, value, inputs, note }: PlacedOrigin): string {
  const cells = inputs.flatMap(({ name, cells }) =>
    cells.map((cell) => `${name}[${cell.index}]=${cell.value}`),
  );
  const of = cells.length > 0 ? ` of ${cells.join(' ')}` : '';
  return `${op}:${place?.line} [${index}]=${value}${of}${note === undefined ? '' : ` (${note})`}`;
}

test('an element is followed to its op, its line and the elements that fed it', () =>
  debug(async (client) => {
    await client.initialize();
    await client.launch(fixture('origins.ts'), { opLog: 'always' });
    await opBreakpoints(client, 'neg');
    await client.go();
    await client.stopped();
    const h = await idOf(client, 'h');
    // The greatest contribution first.
    assert.deepEqual(await hops(client, { tensor: h, index: [1, 0] }), [
      'matMul:12 [1,0]=8 of x[1,1]=3 x[1,0]=2 y[1,0]=2 y[0,0]=1',
    ]);
    // A composite op by what it does inside.
    const p = await idOf(client, 'p');
    const [whole] = await hops(client, { tensor: p, index: [1, 1] });
    assert.match(whole!, /^softmax:13 \[1,1\]=0\.73\d+ of x\[1,1\]=9 x\[1,0\]=8$/);
    // On from an input, as it was then.
    const { hops: first } = await client.ask('tapedeck/origin', {
      of: { tensor: h, index: [1, 0] },
    });
    const { entry } = first[0]!;
    const on = { entry: entry!, input: 0, index: [1, 1] };
    assert.deepEqual(await hops(client, on), ['sqrt:11 [1,1]=3 of x[1,1]=9']);
    // What was chosen, and by which index.
    assert.deepEqual(await hops(client, { tensor: await idOf(client, 'picked'), index: [0] }), [
      'gather:15 [0]=2 of x[2]=2 indices[0]=2',
    ]);
    // What an optimizer wrote, by its step.
    assert.deepEqual(await hops(client, { tensor: await idOf(client, 'table'), index: [1] }), [
      'sgdStep:16 [1]=0 of variable[1]=0.25 gradient[1]=0.5',
    ]);
    // What no entry made.
    const [made] = await hops(client, { tensor: await idOf(client, 'w'), index: [0, 0] });
    assert.match(made!, /^\w+:\w+ \[0,0\]=1 \(nothing in the op log made it/);
    // Not-a-number is followed to where it came in.
    assert.deepEqual(await hops(client, { tensor: h, index: [0, 1] }), [
      'matMul:12 [0,1]=NaN of x[0,1]=NaN x[0,0]=1 y[1,1]=1 y[0,1]=3',
      'sqrt:11 [0,1]=NaN of x[0,1]=-4',
    ]);
    await assert.rejects(
      hops(client, { tensor: h, index: [2, 0] }),
      /f32\[2,2\] has no element \[2, 0\]/,
    );
  }));
