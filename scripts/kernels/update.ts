import { lines } from './element.ts';

/**
 * Steps of optimizers over n elements in a row of each operand, in f32; results
 * may lie where the inputs of their name do. They multiply and add in the order
 * of the rows of engine/ops/update.ts, so that the numbers are the same.
 */
export function update(): string {
  return [
    step('sgdStep', ['variable'], ['variable', 'gradient'], ['rate'], () => ({
      variable: 'f32x4.sub(variable, f32x4.mul(gradient, rate))',
    })),
    ...[false, true].map((nesterov) =>
      step(
        nesterov ? 'nesterovStep' : 'momentumStep',
        ['variable', 'moving'],
        ['variable', 'gradient', 'moving'],
        ['rate', 'momentum'],
        () => {
          const next = (moving: string) => `f32x4.add(f32x4.mul(${moving}, momentum), gradient)`;
          const by = nesterov ? next('newMoving') : 'newMoving';
          return {
            moving: next('moving'),
            variable: `f32x4.sub(variable, f32x4.mul(${by}, rate))`,
          };
        },
      ),
    ),
    step(
      'adamStep',
      ['variable', 'first', 'second'],
      ['variable', 'gradient', 'first', 'second'],
      ['rate', 'spread', 'beta1', 'rest1', 'beta2', 'rest2', 'epsilon'],
      () => ({
        first: 'f32x4.add(f32x4.mul(first, beta1), f32x4.mul(gradient, rest1))',
        second:
          'f32x4.add(f32x4.mul(second, beta2), f32x4.mul(f32x4.mul(gradient, gradient), rest2))',
        variable:
          'f32x4.sub(variable, f32x4.div(f32x4.mul(newFirst, rate), f32x4.add(f32x4.sqrt(f32x4.mul(newSecond, spread)), epsilon)))',
      }),
    ),
  ].join('\n');
}

/** A kernel with the addresses of results and inputs, the number of elements and constants for arguments. */
function step(
  name: string,
  results: readonly string[],
  inputs: readonly string[],
  constants: readonly string[],
  spelled: () => { readonly [result: string]: string },
): string {
  const fresh = (result: string) => `new${result[0]!.toUpperCase()}${result.slice(1)}`;
  // The variable comes first, and is computed from the others.
  const lastFirst = [...results.slice(1), results[0]!];
  const body = (load: (from: string) => string, store: (to: string, value: string) => string) => `
    ${inputs.map((input) => `const ${input} = ${load(`${input}At`)};`).join('\n    ')}
    ${lastFirst.map((result) => `const ${fresh(result)} = ${spelled()[result]!};`).join('\n    ')}
    ${results.map((result) => store(`${result}To`, fresh(result))).join('\n    ')}`;
  const addresses = [
    ...results.map((result) => `${result}To: usize`),
    ...inputs.map((input) => `${input}At: usize`),
  ];
  const moving = [
    ...results.map((result) => `${result}To`),
    ...inputs.map((input) => `${input}At`),
  ];
  return `
export function ${name}(${addresses.join(', ')}, n: i32, ${constants.map((c) => `${c}Of: f32`).join(', ')}): void {
  ${lines(constants.length, (i) => `const ${constants[i]!} = f32x4.splat(${constants[i]!}Of);`)}
  for (; n >= 4; n -= 4) {${body(
    (from) => `v128.load(${from})`,
    (to, value) => `v128.store(${to}, ${value});`,
  )}
    ${moving.map((at) => `${at} += 16;`).join(' ')}
  }
  if (n > 0) {${body(
    (from) => `loadTail_4(${from}, n)`,
    (to, value) => `storeTail_4(${to}, n, ${value});`,
  )}
  }
}`;
}
