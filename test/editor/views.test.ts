/** The views in the workbench, beside a program that trains: by clicking and typing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { editor } from '../kit/editor.ts';

const file = 'classifier.ts';
const text = readFileSync(new URL(`../fixtures/programs/${file}`, import.meta.url), 'utf8');
const files = { [file]: text };
/** A line of the program, counted from one. */
const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
const lossLine = lineOf('const loss = y.mul');
const gradientLine = lineOf('w.assign');

editor(
  'Tensors and the tape follow the program, and lead to its lines',
  { files },
  async (workbench) => {
    await workbench.open(file);
    await workbench.toggleBreakpoint(file, lossLine);
    await workbench.toggleBreakpoint(file, gradientLine);
    await workbench.titleButton('Debug with Tapedeck').click();
    await workbench.stopped(file, lossLine);
    const tensors = await workbench.pane('Tensors');
    await workbench.row(tensors, 'w').waitFor();
    assert.match(await workbench.row(tensors, 'w').innerText(), /f32\[3,4\] · 48 B · mean 1 sd 0/);
    const tape = await workbench.pane('Gradient Tape');
    await workbench.row(tape, 'matMul').waitFor();
    await workbench.picture('trees');
    assert.deepEqual((await workbench.labels(tape)).slice(0, 5), [
      'Tape 1',
      'matMul',
      'biasAdd',
      'exp',
      'log',
    ]);
    await workbench.row(tape, 'biasAdd').click();
    await workbench.debug('Continue');
    await workbench.stopped(file, gradientLine);
    await workbench.row(tape, 'mean').waitFor();
    await workbench.picture('trees-gradient');
    assert.match(await workbench.row(tape, 'matMul').innerText(), /∇ mean/);
  },
);
