/** Builds dist/ again whenever a source changes. */
import * as esbuild from 'esbuild';
import { dist, optionsOf, prepare } from './build.ts';
import { bundles } from './bundles.ts';
import { declarations } from './declarations.ts';

/** Says when a round of building ended, and what was wrong with it. */
const report: esbuild.Plugin = {
  name: 'report',
  setup(build) {
    build.onEnd(({ errors }) => {
      const names = Object.values(build.initialOptions.entryPoints as { out: string }[])
        .map(({ out }) => out)
        .join(' ');
      console.log(`${new Date().toLocaleTimeString()} ${names}: ${errors.length} errors`);
    });
  },
};

await prepare();
for (const bundle of bundles) {
  const context = await esbuild.context({
    ...optionsOf(bundle),
    logLevel: 'warning',
    plugins: [report],
  });
  await context.watch();
}
declarations(dist);
console.log('Watching. New entry files need a new start; Ctrl+C ends it.');
