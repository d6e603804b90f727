import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

// Rules that need types: a forgotten await loses an error, and with it a sale.
const typed = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
}

const apiOnly =
  'Call a function from src/api: one place speaks to the server and handles its errors.'

export default ts.config(
  {
    ignores: ['**/node_modules/', '**/dist/', '**/*.gen.ts', '.tools/', 'tmp/', '**/test-results/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { tsconfigRootDir: process.cwd() },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['**/ui/src/**/*.ts', '**/ui/src/**/*.svelte', 'deploy/e2e/**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: typed,
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  // TypeScript itself finds undefined names, and knows more of them.
  { files: ['**/*.ts', '**/*.svelte'], rules: { 'no-undef': 'off' } },
  {
    files: ['**/ui/src/**/*.ts', '**/ui/src/**/*.svelte'],
    ignores: ['**/ui/src/api/**', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: apiOnly },
        { name: 'EventSource', message: apiOnly },
        { name: 'WebSocket', message: apiOnly },
      ],
    },
  },
  {
    files: ['deploy/e2e/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='waitForTimeout']",
          message: 'Wait for what the page shows (expect(...).toBeVisible), never for a time.',
        },
        {
          selector:
            'CallExpression[callee.object.name=/^(test|describe)$/][callee.property.name=/^(skip|fixme|fail)$/]',
          message: 'A test runs or does not exist.',
        },
      ],
    },
  },
)
