import assert from 'node:assert';
import { test } from 'node:test';
import { Client, fixture } from '../kit/dap.ts';

const program = fixture('lines.ts');

test('a line breakpoint, the stack, a step, the end', async () => {
  const client = Client.inline();
  try {
    await client.launch(program);
    await client.breakpoints(program, 9);
    await client.go();
    assert.equal((await client.stopped()).reason, 'breakpoint');
    assert.equal(await client.at(), 'layer:9');
    assert.equal(await client.evaluate('h + 1'), '1');
    await client.step('next');
    assert.equal(await client.at(), 'layer:10');
    await client.breakpoints(program);
    await client.request('continue', { threadId: 1 });
    assert.equal(await client.exited(), 0);
    console.log(client.printed());
  } finally {
    await client.close();
  }
});
