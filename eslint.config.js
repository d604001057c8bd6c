/**
 * Few rules, all of them errors. What TypeScript's own checks say is not said
 * again here, and how code looks is Prettier's. House rules are in
 * test/plan.test.ts.
 */
import tseslint from 'typescript-eslint';

const promises = {
  // A promise nobody waits for loses its error. node:test waits for its own.
  '@typescript-eslint/no-floating-promises': [
    'error',
    {
      allowForKnownSafeCalls: [
        { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
      ],
    },
  ],
  '@typescript-eslint/await-thenable': 'error',
};

const focus = [
  'MemberExpression[object.name=/^(test|it|describe|suite)$/][property.name="only"]',
  'CallExpression[callee.name=/^(test|it|describe|suite)$/] Property[key.name="only"]',
].map((selector) => ({ selector, message: 'The other tests would not run.' }));

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.cache/', '**/*.generated.ts', 'test/fixtures/'] },
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.base],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'prefer-const': 'error',
      'no-var': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['*/tsconfig*.json', '{engine/host,scripts/accuracy}/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: promises,
  },
  { files: ['**/protocol.ts'], rules: { '@typescript-eslint/no-explicit-any': 'error' } },
  { files: ['test/**'], rules: { 'no-restricted-syntax': ['error', ...focus] } },
);
