import test from 'ava';
import {
  driversKnowOnlyTheirPort,
  filesAreShort,
  filesHaveFewOwners,
  importsGoLeft,
  keysStayInStorage,
  koaStaysInHttp,
  kyselyStaysInMetadata,
  noImportCircles,
  onlyTheCommandLineImportsTheRoot,
  pagesKnowNothingElse,
  skippedTestsSayWhy,
} from '../support/architecture.ts';
import {parseSource, readSources} from '../support/source-tree.ts';

/** Each fact, the rule that finds what breaks it, and samples that break it, a path and a text each. */
const facts = [
  {
    fact: 'a file of src imports from its own folder and from those to the left',
    rule: importsGoLeft,
    samples: [
      ['src/oci/a.ts', "import {b} from '../config/b.ts';"],
      ['src/storage/a.ts', "export * from '../registry/b.ts';"],
      ['src/registry/a.ts', "import type {B} from '../http/v2/b.ts';"],
      ['src/jobs/a.ts', "const b = await import('../http/b.ts');"],
      ['src/registry/a.ts', "import {b} from '../../storage-drivers/memory/b.ts';"],
      ['src/http/a.ts', "import {b} from '../../test/support/b.ts';"],
      ['src/helpers/a.ts', ''],
    ],
  },
  {
    fact: 'the composition root is imported by the command line alone, and that of a thread by nobody',
    rule: onlyTheCommandLineImportsTheRoot,
    samples: [
      ['src/http/a.ts', "import {createHoldfast} from '../app.ts';"],
      ['storage-drivers/memory/a.ts', "import type {Holdfast} from '../../src/app.ts';"],
      ['src/cli/a.ts', "import '../survey-worker.ts';"],
    ],
  },
  {
    fact: 'a storage driver knows nothing of src but its port',
    rule: driversKnowOnlyTheirPort,
    samples: [
      ['storage-drivers/memory/a.ts', "import {b} from '../../src/storage/keys.ts';"],
      ['storage-drivers/memory/a.ts', "let b: import('../../src/oci/digest.ts').Digest;"],
    ],
  },
  {
    fact: 'koa is imported in src/http alone',
    rule: koaStaysInHttp,
    samples: [
      ['src/registry/a.ts', "import Koa from 'koa';"],
      ['src/app.ts', "import Router from '@koa/router';"],
    ],
  },
  {
    fact: 'kysely is imported in src/metadata alone',
    rule: kyselyStaysInMetadata,
    samples: [['src/auth/a.ts', "import {sql} from 'kysely';"]],
  },
  {
    fact: 'files are opened by the drivers, src/host, the configuration, the certificates and the signing keys alone',
    rule: filesHaveFewOwners,
    samples: [
      ['src/registry/a.ts', "import {readFile} from 'node:fs/promises';"],
      ['src/http/a.ts', "import fs from 'fs-extra';"],
      ['src/storage/a.ts', "const {open} = await import('fs');"],
    ],
  },
  {
    fact: 'keys of the storage are built in src/storage alone',
    rule: keysStayInStorage,
    samples: [
      ['src/registry/a.ts', "const a = 'docker/registry/v2/blobs';"],
      ['src/jobs/a.ts', 'const a = `${b}/_manifests/tags`;'],
      ['src/http/a.ts', 'const a = `repositories/${b}/_uploads`;'],
      ['src/jobs/a.ts', "const a = '_holdfast/trash';"],
      ['storage-drivers/memory/a.ts', "const a = '_layers';"],
    ],
  },
  {
    fact: 'the pages know nothing of the program but what its API says of itself',
    rule: pagesKnowNothingElse,
    samples: [
      ['web/src/a.ts', "import type {B} from '../../src/http/api/b.ts';"],
      ['web/src/pages/a.tsx', "import {b} from '../../../test/support/b.ts';"],
    ],
  },
  {
    fact: 'no file is longer than the wall',
    rule: filesAreShort,
    samples: [
      ['src/oci/a.ts', ';\n'.repeat(301)],
      ['web/src/a.tsx', ';\n'.repeat(301)],
      ['test/oci/a.test.ts', ';\n'.repeat(401)],
    ],
  },
  {
    fact: 'no test is skipped without a reason in its title',
    rule: skippedTestsSayWhy,
    samples: [
      ['test/oci/a.test.ts', 'const b = asRoot ? test : test.skip;'],
      ['test/oci/a.test.ts', "test.serial.skip('b', (t) => t.pass());"],
      ['test/support/a.ts', 't.is.skip(1, 1);'],
    ],
  },
] as const;

/** Those that are about tests and pages too. */
const rulesOfAll: ReadonlySet<unknown> = new Set([
  filesAreShort,
  pagesKnowNothingElse,
  skippedTestsSayWhy,
]);

const product = await readSources('src', 'storage-drivers');
/** But what is made of the API's description by the build. */
const pages = (await readSources('web/src')).filter(({path}) => !path.endsWith('/generated.d.ts'));
const everything = [...product, ...pages, ...(await readSources('test', 'conformance', 'bench'))];

for (const {fact, rule, samples} of facts) {
  test(fact, (t) => {
    const violations = rule(rulesOfAll.has(rule) ? everything : product);
    t.deepEqual(violations, [], violations.join('\n'));
  });

  for (const [path, text] of samples) {
    test(`${fact}: a violation is found in ${path} with ${firstLine(text)}`, (t) => {
      t.is(rule([parseSource(path, text)]).length, 1);
    });
  }
}

test('no file imports itself, be it through others', (t) => {
  const circles = noImportCircles(everything);
  t.deepEqual(circles, [], circles.join('\n'));
});

test('no file imports itself, be it through others: a violation is found in a circle of three', (t) => {
  const circle = [
    parseSource('src/oci/a.ts', "import {b} from './b.ts';"),
    parseSource('src/oci/b.ts', "import type {C} from './c.ts';"),
    parseSource('src/oci/c.ts', "export {a} from './a.ts';"),
    parseSource('src/oci/d.ts', "import {a} from './a.ts';"),
  ];
  t.deepEqual(noImportCircles(circle), [
    'src/oci/a.ts -> src/oci/b.ts -> src/oci/c.ts -> src/oci/a.ts',
  ]);
});

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
