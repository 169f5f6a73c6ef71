/** The form of what goes wrong. */
import test from 'ava';
import {codesOf, errorsOf, pushImage, strangeDigest} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';
import {specifiedCodes} from '../support/specification.ts';

const requests: readonly (readonly [method: string, path: string, status: number])[] = [
  ['GET', '/v2/UPPER/tags/list', 400],
  ['GET', '/v2/a/tags/list', 404],
  ['GET', '/v2/a/tags/list?n=x', 400],
  ['GET', '/v2/a/manifests/latest', 404],
  ['PUT', '/v2/a/manifests/latest', 400],
  ['GET', `/v2/a/blobs/${strangeDigest}`, 404],
  ['GET', '/v2/a/blobs/latest', 400],
  ['GET', '/v2/a/referrers/latest', 400],
  ['GET', '/v2/a/blobs/uploads/x', 404],
  ['POST', '/v2/a/blobs/uploads/?digest=x', 400],
  ['GET', '/v2/a', 404],
  ['GET', '/v2/a/', 404],
  ['GET', '/v2/a/tags', 404],
  ['GET', '/v2/a/tags/list/', 404],
  ['GET', '/V2/', 404],
  ['GET', '/v2/_oci/ext/discover', 404],
  ['GET', '/v1/search', 404],
  ['POST', '/v2/', 405],
  ['DELETE', '/v2/_catalog', 405],
  ['POST', '/v2/a/manifests/latest', 405],
  ['PATCH', '/v2/a/manifests/latest', 405],
  ['PUT', `/v2/a/blobs/${strangeDigest}`, 405],
  ['DELETE', '/v2/a/tags/list', 405],
  ['PROPFIND', '/v2/a/tags/list', 405],
];

for (const [method, path, expected] of requests) {
  test(`${method} ${path.slice(0, 40)} answers ${expected} in the form of the specification`, async (t) => {
    const server = await startInProcess(t);
    const {status, headers, body} = await rawRequest(server, {method, path});
    t.is(status, expected);
    t.is(headers['content-type'], 'application/json');
    const errors = errorsOf({body});
    t.true(errors.length > 0);
    for (const {code, message} of errors) {
      t.true(specifiedCodes.includes(code), code);
      t.regex(message, /\w/);
    }
    if (status === 405) t.regex(headers.allow ?? '', /^[A-Z]+(, [A-Z]+)*$/);
  });
}

test('every answer says which API it speaks, and carries a request id', async (t) => {
  const {api} = await startInProcess(t);
  for (const path of ['/v2/', '/v2/a/tags/list', '/v2/UPPER/tags/list']) {
    const answer = await api.get(path);
    t.is(answer.get('Docker-Distribution-Api-Version'), 'registry/2.0');
    t.regex(answer.get('X-Request-Id') ?? '', /^[\w-]{8,}$/);
  }
});

test('a reference that looks like code stays text in the answer', async (t) => {
  const server = await startInProcess(t);
  const {status, headers, body} = await rawRequest(server, {
    path: '/v2/a/manifests/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  });
  t.is(status, 404);
  t.is(headers['content-type'], 'application/json');
  t.is(headers['x-content-type-options'], 'nosniff');
  t.regex(String(headers['content-security-policy']), /default-src 'none'/);
  t.deepEqual(codesOf({body}), ['MANIFEST_UNKNOWN']);
});

test('the ns parameter of a proxying client is ignored', async (t) => {
  const {api} = await startInProcess(t);
  const {digest} = await pushImage(api, 'a', {tag: 'v1'});
  for (const path of ['manifests/v1', `manifests/${digest}`, 'tags/list']) {
    const answer = await api.get(`/v2/a/${path}?ns=docker.io`);
    t.is(answer.status, 200);
    t.is(answer.get('OCI-Namespace'), undefined);
  }
});
