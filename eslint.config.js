import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {ignores: ['dist/', 'coverage/', 'conformance/results/', 'data/', 'web/src/api/generated.d.ts']},
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname},
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {considerDefaultExhaustiveForUnions: true},
      ],
      'no-empty': 'error',
    },
  },
  {files: ['web/src/**'], ...reactHooks.configs.flat.recommended},
  {
    files: ['web/src/**'],
    ignores: ['web/src/api/client.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        {name: 'fetch', message: 'The client that is made of the API asks.'},
        {name: 'XMLHttpRequest', message: 'The client that is made of the API asks.'},
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'What is shown was written by somebody else.',
        },
      ],
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: {process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly'},
    },
  },
  {
    files: ['src/**/*.ts', 'storage-drivers/**/*.ts'],
    ignores: ['src/config/**', 'src/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'The environment is read in src/config only.',
        },
      ],
    },
  },
);
