/** HEAD is GET without the body: of lists, and of what is not there. */
import test from 'ava';
import {pushImage, strangeDigest} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';

/** Of each request its own. */
const own: ReadonlySet<string> = new Set(['date', 'x-request-id']);

test('HEAD answers what GET does, of lists and of what is not there', async (t) => {
  const server = await startInProcess(t);
  const image = await pushImage(server.api, 'a', {tag: 'v1'});
  await pushImage(server.api, 'a', {tag: 'v2', subject: image.descriptor});
  await pushImage(server.api, 'b', {tag: 'v1'});
  for (const [path, status, isPaged] of [
    ['/v2/', 200],
    ['/v2/a/tags/list', 200],
    ['/v2/a/tags/list?n=1', 200, true],
    ['/v2/_catalog', 200],
    ['/v2/_catalog?n=1', 200, true],
    [`/v2/a/referrers/${image.digest}`, 200],
    [`/v2/a/referrers/${image.digest}?artifactType=x`, 200],
    [`/v2/a/referrers/${strangeDigest}`, 200],
    [`/v2/a/blobs/${strangeDigest}`, 404],
    [`/v2/a/manifests/${strangeDigest}`, 404],
    ['/v2/a/manifests/unknown', 404],
    ['/v2/unknown/tags/list', 404],
    ['/v2/unknown/manifests/v1', 404],
    ['/v2/A/tags/list', 400],
    ['/nowhere', 404],
  ] as const) {
    const get = await rawRequest(server, {path});
    const head = await rawRequest(server, {method: 'HEAD', path});
    t.deepEqual([get.status, head.status], [status, status], path);
    const [ofGet, ofHead] = [get, head].map(({headers}) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name))),
    );
    t.deepEqual(ofHead, ofGet, path);
    t.is(get.headers['content-length'], String(get.body.length), path);
    t.is(head.body.length, 0, path);
    t.is(get.headers['link'] !== undefined, isPaged === true, path);
  }
});
