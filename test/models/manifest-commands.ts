/** What clients do to manifests, tags and referrers: each command asks the server, checks its answer by the model, and moves the model on. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {config, contentOf, mediaTypes} from '../support/content.ts';
import {
  addManifest,
  allPages,
  ask,
  exists,
  type ManifestModel,
  type Pushed,
  removeManifest,
} from './manifest-model.ts';
import {at} from './upload-commands.ts';
import {type Real, refused} from './upload-model.ts';

type ManifestCommand = fc.AsyncCommand<ManifestModel, Real>;

const tag = fc.constantFrom('latest', 'v1', 'V1', 'v1.0', '_', 'v1.tmp', 'x.part', 'z-9');
const pick = fc.nat({max: 20});
const algorithm = fc.constantFrom('digest' as const, 'sha512' as const);
const artifactType = fc.constantFrom('application/vnd.test.sbom', 'application/vnd.test.signature');

/** A manifest that nobody has pushed; of some the JSON does not say what it is. */
function newManifest(
  model: ManifestModel,
  fields: {readonly subject?: Pushed | undefined; readonly artifactType?: string | undefined},
  isSilent: boolean,
): Pushed {
  model.manifests += 1;
  const mediaType = isSilent ? 'application/vnd.test.thing+json' : mediaTypes.image;
  const subject = fields.subject?.descriptor;
  const json = {
    ...(isSilent ? {} : {schemaVersion: 2, mediaType, config: config.descriptor, layers: []}),
    ...(fields.artifactType === undefined ? {} : {artifactType: fields.artifactType}),
    ...(subject ? {subject} : {}),
    annotations: {number: `${model.name} ${model.manifests}`},
  };
  const content = contentOf(JSON.stringify(json), mediaType);
  const shown = fields.artifactType ?? (isSilent ? undefined : config.descriptor.mediaType);
  return {...content, mediaType, subject: subject?.digest, artifactType: shown};
}

async function put(
  model: ManifestModel,
  real: Real,
  manifest: Pushed,
  {reference, tags}: {readonly reference: string; readonly tags: readonly string[]},
): Promise<void> {
  const isTag = !reference.includes(':');
  const query = isTag ? '' : `?${tags.map((each) => `tag=${each}`).join('&')}`;
  const path = `/v2/${model.name}/manifests/${reference}${query}`;
  const answer = await ask(real, 'PUT', path, manifest);
  assert.equal(answer.status, 201);
  const digest = isTag ? manifest.digest : reference;
  assert.equal(answer.headers['docker-content-digest'], digest);
  assert.equal(answer.headers['oci-subject'], manifest.subject);
  addManifest(model, manifest, digest, isTag ? [reference] : tags);
}

const push = fc
  .tuple(
    fc.oneof(
      tag,
      algorithm.map((named) => `by ${named}`),
    ),
    fc.uniqueArray(tag, {maxLength: 3}),
    fc.option(pick, {nil: undefined}),
    fc.option(artifactType, {nil: undefined}),
    fc.boolean(),
  )
  .map(([where, tags, which, type, isSilent]): ManifestCommand => ({
    check: () => true,
    run: async (model, real) => {
      const isReferrer = which !== undefined && model.pushed.length > 0;
      const subject = isReferrer ? at(model.pushed, which) : undefined;
      const manifest = newManifest(model, {subject, artifactType: type}, isSilent);
      const reference =
        {'by digest': manifest.digest, 'by sha512': manifest.sha512}[where] ?? where;
      await put(model, real, manifest, {reference, tags});
    },
    toString: () =>
      `push ${where} ${tags.join('+')} ${type ?? ''}${which === undefined ? '' : ` on ${which}`}`,
  }));

/** A command on a manifest that was pushed once, and may be gone. */
const onPushed = (
  title: string,
  run: (manifest: Pushed, digest: string, model: ManifestModel, real: Real) => Promise<void>,
) =>
  fc.tuple(pick, algorithm).map(([which, named]): ManifestCommand => ({
    check: ({pushed}) => pushed.length > 0,
    run: async (model, real) => {
      const manifest = at(model.pushed, which);
      await run(manifest, manifest[named], model, real);
    },
    toString: () => `${title} ${which} by ${named}`,
  }));

const again = onPushed('push again', async (manifest, reference, model, real) => {
  await put(model, real, manifest, {reference, tags: []});
});

const retag = tag.chain((reference) =>
  onPushed(`tag as ${reference}`, async (manifest, _digest, model, real) => {
    await put(model, real, manifest, {reference, tags: []});
  }),
);

const pull = onPushed('pull', async (manifest, digest, model, real) => {
  const answer = await ask(real, 'GET', `/v2/${model.name}/manifests/${digest}`);
  if (!model.revisions.has(digest)) refused(answer, 404, 'MANIFEST_UNKNOWN');
  else {
    assert.equal(answer.status, 200);
    assert.ok(answer.body.equals(manifest.bytes));
    assert.equal(answer.headers['content-type'], manifest.mediaType);
    assert.equal(answer.headers['docker-content-digest'], digest);
  }
});

const remove = onPushed('delete', async (manifest, digest, model, real) => {
  const answer = await ask(real, 'DELETE', `/v2/${model.name}/manifests/${digest}`);
  if (model.revisions.has(digest)) {
    assert.equal(answer.status, 202);
    removeManifest(model, manifest);
  } else refused(answer, 404, exists(model) ? 'MANIFEST_UNKNOWN' : 'NAME_UNKNOWN');
});

const referrers = fc
  .tuple(fc.option(artifactType, {nil: undefined}), fc.integer({min: 1, max: 4}))
  .chain(([type, size]) =>
    onPushed(
      `list referrers ${type ?? ''} ${size} at a time of`,
      async ({digest}, _d, model, real) => {
        const filter = type === undefined ? '' : `?artifactType=${encodeURIComponent(type)}`;
        const path = `/v2/${model.name}/referrers/${digest}${filter}`;
        const found = await allPages(real, path, size, (body) => {
          const {manifests} = body as {manifests: readonly Record<string, unknown>[]};
          return manifests;
        });
        const expected = [...model.referrers]
          .filter(([, subject]) => subject === digest)
          .map(([own]) => ({own, manifest: model.revisions.get(own)}))
          .filter(({manifest}) => type === undefined || manifest?.artifactType === type)
          .sort((one, other) => (one.own < other.own ? -1 : 1));
        assert.deepEqual(
          found.map((item) => [item['digest'], item['size'], item['artifactType']]),
          expected.map(({own, manifest}) => [own, manifest?.bytes.length, manifest?.artifactType]),
        );
      },
    ),
  );

const pullTag = tag.map((reference): ManifestCommand => ({
  check: () => true,
  run: async (model, real) => {
    const answer = await ask(real, 'GET', `/v2/${model.name}/manifests/${reference}`);
    const digest = model.tags.get(reference);
    if (digest === undefined) refused(answer, 404, 'MANIFEST_UNKNOWN');
    else {
      assert.equal(answer.headers['docker-content-digest'], digest);
      assert.deepEqual(answer.body, model.revisions.get(digest)?.bytes);
    }
  },
  toString: () => `pull ${reference}`,
}));

const untag = tag.map((reference): ManifestCommand => ({
  check: () => true,
  run: async (model, real) => {
    const answer = await ask(real, 'DELETE', `/v2/${model.name}/manifests/${reference}`);
    if (model.tags.delete(reference)) assert.equal(answer.status, 202);
    else refused(answer, 404, exists(model) ? 'MANIFEST_UNKNOWN' : 'NAME_UNKNOWN');
  },
  toString: () => `delete ${reference}`,
}));

const listTags = fc.integer({min: 1, max: 4}).map((size): ManifestCommand => ({
  check: () => true,
  run: async (model, real) => {
    const path = `/v2/${model.name}/tags/list`;
    if (!exists(model)) {
      refused(await ask(real, 'GET', path), 404, 'NAME_UNKNOWN');
      return;
    }
    const found = await allPages(
      real,
      path,
      size,
      (body) => (body as {tags: readonly string[]}).tags,
    );
    assert.deepEqual(found, [...model.tags.keys()].sort());
  },
  toString: () => `list tags ${size} at a time`,
}));

/** Every repository of all runs; this one is among them as long as it holds something. */
const catalog = fc.constant<ManifestCommand>({
  check: () => true,
  run: async (model, real) => {
    const found = await allPages(
      real,
      '/v2/_catalog',
      3,
      (body) => (body as {repositories: readonly string[]}).repositories,
    );
    assert.equal(new Set(found).size, found.length);
    assert.equal(found.includes(model.name), exists(model));
  },
  toString: () => 'list repositories',
});

export const manifestCommands = {
  push,
  again,
  retag,
  pull,
  remove,
  referrers,
  pullTag,
  untag,
  listTags,
  catalog,
};
