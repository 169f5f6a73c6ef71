/** Requests that read. */
import {strict as assert} from 'node:assert';
import {imageOf, pushBlob, putManifest, randomContent} from '../support/content.ts';
import {type RawAnswer} from '../support/raw-request.ts';

import {digestPath, image, lists, type Prepare, sameBytes, tagPath} from './phase.ts';

export const pulls: Readonly<Record<string, Prepare>> = {
  'GET of a blob': async (server, name) => {
    const blob = randomContent(2_500_000);
    await pushBlob(server.api, name, blob);
    return {method: 'GET', path: digestPath(name, blob), status: 200, judge: sameBytes(blob)};
  },
  'GET of a part of a blob': async (server, name) => {
    const blob = randomContent(2_500_000);
    await pushBlob(server.api, name, blob);
    const headers = {Range: 'bytes=1000-1999999'};
    const judge = ({body}: RawAnswer): void => {
      assert.ok(body.equals(blob.bytes.subarray(1000, 2_000_000)));
    };
    return {method: 'GET', path: digestPath(name, blob), headers, status: 206, judge};
  },
  'HEAD of a blob': async (server, name) => {
    const blob = randomContent(1000);
    await pushBlob(server.api, name, blob);
    const judge = ({headers}: RawAnswer): void => {
      assert.equal(headers['content-length'], '1000');
    };
    return {method: 'HEAD', path: digestPath(name, blob), status: 200, judge};
  },
  'GET of a manifest by tag': async (server, name) => {
    const {pushed} = await image(server, name);
    return {method: 'GET', path: tagPath(name, 'v1'), status: 200, judge: sameBytes(pushed)};
  },
  'GET of the tags': async (server, name) => {
    await image(server, name);
    const judge = lists('tags', ['v1']);
    return {method: 'GET', path: `/v2/${name}/tags/list`, status: 200, judge};
  },
  'GET of the catalogue': async (server, name) => {
    await image(server, name);
    const judge = lists('repositories', [name]);
    return {method: 'GET', path: '/v2/_catalog?n=10000', status: 200, judge};
  },
  'GET of the referrers': async (server, name) => {
    const {pushed} = await image(server, name);
    const referrer = imageOf([], {subject: pushed.descriptor});
    await putManifest(server.api, name, referrer.digest, referrer).expect(201);
    const path = `/v2/${name}/referrers/${pushed.digest}`;
    return {method: 'GET', path, status: 200, judge: lists('manifests', [referrer.digest])};
  },
};
