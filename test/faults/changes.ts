/** Requests that change what a repository holds. */
import {strict as assert} from 'node:assert';
import {config, imageOf, mediaTypes, pushBlob, randomContent} from '../support/content.ts';

import {digestPath, get, image, lists, lookAt, type Prepare, tagPath, uploadOf} from './phase.ts';

export const changes: Readonly<Record<string, Prepare>> = {
  'DELETE of an upload': async (server, name) => {
    const blob = randomContent(30_000);
    const path = await uploadOf(server, name, 10_000, blob);
    return {method: 'DELETE', path, status: 204, repeated: [404]};
  },
  'PUT of a manifest': async (server, name) => {
    const {pushed} = await image(server, name);
    const layer = randomContent(1000);
    await pushBlob(server.api, name, layer);
    const next = imageOf([layer], {subject: pushed.descriptor});
    return {
      method: 'PUT',
      path: tagPath(name, 'v1'),
      headers: {'Content-Type': mediaTypes.image},
      body: next.bytes,
      status: 201,
      judge: ({headers}) => {
        assert.equal(headers['docker-content-digest'], next.digest);
      },
      look: async (isDone) => {
        const {status, body} = await get(server, tagPath(name, 'v1'));
        assert.equal(status, 200, 'the tag is away');
        assert.ok(body.equals(next.bytes) || (!isDone && body.equals(pushed.bytes)));
        await lookAt(server, tagPath(name, next.digest), next.bytes, isDone ? 'there' : 'either');
        const referrers = await get(server, `/v2/${name}/referrers/${pushed.digest}`);
        if (isDone) lists('manifests', [next.digest])(referrers);
      },
    };
  },
  'PUT of a manifest by sha512 whose Content-Type its JSON does not tell': async (server, name) => {
    await pushBlob(server.api, name, config);
    const next = imageOf([], {mediaType: undefined, annotations: {[name]: 'x'}});
    return {
      method: 'PUT',
      path: tagPath(name, next.sha512),
      headers: {'Content-Type': mediaTypes.dockerImage},
      body: next.bytes,
      status: 201,
      look: async (isDone) => {
        const {status, headers, body} = await get(server, tagPath(name, next.sha512));
        if (isDone) assert.equal(status, 200);
        if (status === 200) {
          assert.ok(body.equals(next.bytes));
          assert.equal(headers['content-type'], mediaTypes.dockerImage);
        } else assert.equal(status, 404);
      },
    };
  },
  'DELETE of a tag': async (server, name) => {
    const {pushed} = await image(server, name);
    return {
      method: 'DELETE',
      path: tagPath(name, 'v1'),
      status: 202,
      repeated: [404],
      look: async (isDone) => {
        await lookAt(server, tagPath(name, 'v1'), pushed.bytes, isDone ? 'gone' : 'either');
        await lookAt(server, tagPath(name, pushed.digest), pushed.bytes, 'there');
      },
    };
  },
  'DELETE of a manifest': async (server, name) => {
    const {pushed} = await image(server, name);
    const path = tagPath(name, pushed.digest);
    return {
      method: 'DELETE',
      path,
      status: 202,
      repeated: [404],
      look: async (isDone) => {
        const digest = await get(server, path);
        await lookAt(server, path, pushed.bytes, isDone ? 'gone' : 'either');
        await lookAt(server, tagPath(name, 'v1'), pushed.bytes, isDone ? 'gone' : 'either');
        // No tag is left that leads nowhere.
        const tag = await get(server, tagPath(name, 'v1'));
        assert.ok(tag.status === 404 || digest.status === 200, 'a tag dangles');
      },
    };
  },
  'DELETE of a blob': async (server, name) => {
    const blob = randomContent(1000);
    await pushBlob(server.api, name, blob);
    const path = digestPath(name, blob);
    return {
      method: 'DELETE',
      path,
      status: 202,
      repeated: [404],
      look: async (isDone) => lookAt(server, path, blob.bytes, isDone ? 'gone' : 'either'),
    };
  },
};
