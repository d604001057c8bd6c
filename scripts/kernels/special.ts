import { readFileSync } from 'node:fs';
import * as errors from '../../engine/special/error-function.ts';
import * as gammas from '../../engine/special/gamma-function.ts';
import { central, far, near } from '../../engine/devices/plain/random.ts';

/**
 * Special functions of f64: the text of the files that the plain device runs,
 * as AssemblyScript reads it. Numbers are f64, polynomials are written out, and
 * every function is called as there with `_64` behind its name.
 */
export function special(): string {
  return ['error-function', 'gamma-function'].map(translated).join('\n');
}

const lists: { readonly [name: string]: unknown } = { ...errors, ...gammas, central, near, far };

function translated(file: string): string {
  const text = readFileSync(new URL(`../../engine/special/${file}.ts`, import.meta.url), 'utf8');
  const names = [...text.matchAll(/^(?:export )?function (\w+)/gm)].map(([, name]) => name!);
  return text
    .replace(/^import .*\n/gm, '')
    .replace(/^export const \w+: readonly number\[\] = \[[^\]]*\];\n/gm, '')
    .replace(/\bhorner\((\w+)(?:\[(\d)\])?, ((?:\([^()]*\)|[^()])*)\)/g, (_, list, part, x) => {
      const all = lists[list as string] as readonly number[] | readonly (readonly number[])[];
      return horner((part === undefined ? all : all[part as 0]) as readonly number[], x as string);
    })
    .replace(/: number\b/g, ': f64')
    .replace(/\bMath\./g, 'NativeMath.')
    .replace(new RegExp(`\\b(${names.join('|')})\\(`, 'g'), '$1_64(')
    .replace(/^export /gm, '');
}

/** A polynomial by Horner's rule, coefficients from the constant on. */
function horner(coefficients: readonly number[], x: string): string {
  const number = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  return coefficients.map(number).reduceRight((sum, c) => `((${sum}) * (${x}) + (${c}))`);
}
