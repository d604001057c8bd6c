import assert from 'node:assert';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Events, PlacedProfile } from '../../debug-adapter/protocol.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const training = fixture('training.ts');

async function all(client: Client): Promise<PlacedProfile> {
  let from = 0;
  const records = [];
  for (;;) {
    const part = await client.ask('tapedeck/profiled', { from });
    records.push(...part.records);
    from += part.lost + part.records.length;
    if (part.records.length === 0) return { ...part, records };
  }
}

for (const noDebug of [false, true]) {
  test(`every op of a run is there after its end, ${noDebug ? 'without debugging' : 'debugging'}`, () =>
    debug(async (client) => {
      await client.launch(training, { profile: true, noDebug });
      await client.go();
      assert.equal(await client.exited(), 0);
      const { records, places, duration } = await all(client);
      const of = (op: string, direction: string) =>
        records.filter((each) => each.op === op && each.direction === direction);
      assert.equal(of('matMul', 'backward').length, 60);
      // Sixty of the forward pass, and those that the gradients are made of.
      const forward = of('matMul', 'forward').filter(({ parent }) => parent < 0);
      assert.equal(forward.length, 60);
      const [first] = forward;
      assert.equal(first!.shapes, '[64,8] [8,16]');
      assert.equal(first!.flops, 2 * 64 * 8 * 16);
      assert.equal(places[first!.site]?.line, 16);
      assert.equal(places[of('matMul', 'backward')[0]!.site]?.line, 17);
      assert.equal(forward.at(-1)!.step, 29);
      for (const record of records) {
        assert.ok(record.duration >= 0 && record.start + record.duration <= duration + 1);
        const around = records[record.parent];
        if (around) assert.ok(around.start <= record.start);
      }
      assert.ok(records.some(({ parent }) => parent >= 0));
    }));
}

test('is turned on and off while the program is busy', () =>
  debug(async (client) => {
    await client.launch(fixture('churn.ts'));
    await client.go();
    await client.until(() => client.printed().includes('begun') || undefined, 'the print');
    await client.ask('tapedeck/profile', { on: true });
    const { body } = await client.event('tapedeck/profiling');
    assert.equal((body as { on: boolean }).on, true);
    let from = 0;
    for (let tries = 0; from < 100 && tries < 200; tries++) {
      const part = await client.ask('tapedeck/profiled', { from });
      from += part.records.length;
      await setTimeout(20);
      assert.ok(part.records.every(({ op }) => op === 'add'));
    }
    assert.ok(from >= 100);
    await client.ask('tapedeck/profile', { on: false });
    assert.equal((await client.ask('tapedeck/state', {})).profiling, false);
  }));

for (const asking of [false, true])
  test(`what nobody asked for comes unasked when the program ends${asking ? ', also while questions are under way' : ''}`, () =>
    debug(async (client) => {
      await client.launch(fixture('programs/classifier.ts'), { profile: true });
      await client.go();
      const known = new Set<number>();
      let under = asking;
      const questions = (async () => {
        while (under) {
          const from = known.size;
          const { records } = await client.ask('tapedeck/profiled', { from });
          records.forEach((_, at) => known.add(from + at));
          await setTimeout(10);
        }
      })();
      await client.event('terminated').finally(() => (under = false));
      await questions;
      const bodies = <N extends keyof Events>(name: N) =>
        client.events.filter(({ event }) => event === name).map(({ body }) => body as Events[N]);
      for (const { from, records } of bodies('tapedeck/records'))
        records.forEach((_, at) => known.add(from + at));
      const { on, records } = bodies('tapedeck/profiling').at(-1)!;
      assert.equal(on, false);
      assert.ok(records > 50 * 10, String(records));
      assert.equal(known.size, records);
    }));
