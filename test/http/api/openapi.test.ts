/** The description of the API. */
import test from 'ava';
import {routesOf} from '../matrix/routes.ts';
import {ApiError} from '../../../src/http/api/api-error.ts';
import {violationIn} from '../../support/api-answers.ts';
import {itemOf, startApi} from './workbench.ts';

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {readonly schemas: object; readonly responses: object};
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
  }[];
  readonly responses: Readonly<Record<string, object>>;
  readonly requestBody?: object;
  readonly security: readonly object[];
}

interface ObjectSchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

test('every route of the API is described, and every description is that of a route', async (t) => {
  const holdfast = await startApi(t);
  const {openapi, paths} = itemOf(
    await holdfast.api.get('/api/v1/openapi.json').expect(200),
  ) as unknown as Described;
  t.is(openapi, '3.1.0');
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, {operationId}]) =>
        `${method.toUpperCase()} ${operationId} /api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  );
  const routes = routesOf(holdfast)
    .filter(({path}) => path.startsWith('/api/v1'))
    .map(({row, path}) => `${row} ${path}`);
  t.deepEqual(described.toSorted(), routes.toSorted());
});

test('every reference leads somewhere, and nothing is called twice', async (t) => {
  const {api} = await startApi(t);
  const answer = await api.get('/api/v1/openapi.json').expect(200);
  const {text} = answer;
  const {paths, components} = itemOf(answer) as unknown as Described;
  for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
    t.true(name in components[kind as 'schemas' | 'responses'], name);
  }
  t.false(text.includes('$defs'));
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({operationId}) => operationId),
  );
  t.is(new Set(ids).size, ids.length);
});

test('what has a name is described by more than its name, and every field that must be there is described', async (t) => {
  const {api} = await startApi(t);
  const {components} = itemOf(await api.get('/api/v1/openapi.json').expect(200)) as unknown as {
    readonly components: {readonly schemas: Readonly<Record<string, ObjectSchema>>};
  };
  for (const [name, {$ref, properties = {}, required = []}] of Object.entries(components.schemas)) {
    t.is($ref, undefined, name);
    t.deepEqual(
      required.filter((field) => !(field in properties)),
      [],
      name,
    );
  }
  t.like(components.schemas['Repository']?.properties?.['id'], {type: 'string'});
});

test('parameters, bodies and faults stand with the operations that have them', async (t) => {
  const {api} = await startApi(t);
  const {paths} = (await api.get('/api/v1/openapi.json').expect(200)).body as Described;
  const list = paths['/users']?.['get'];
  const named = list?.parameters.map(({name}) => name);
  for (const name of ['page', 'per_page', 'all', 'sort_attr', 'sort_order']) {
    t.true(named?.includes(name), name);
  }
  const update = paths['/users/{id}']?.['put'];
  t.deepEqual(Object.keys(update?.responses ?? {}).toSorted(), [
    ...['200', '400', '401', '403', '404', '408', '409', '412', '413', '415', '422', '429', '503'],
  ]);
  t.true(update?.parameters.some(({name}) => name === 'If-Match'));
  t.truthy(update?.requestBody);
  const page = list?.parameters.find(({name}) => name === 'page');
  t.deepEqual(page?.schema, {type: 'integer', minimum: 1, default: 1});
  t.deepEqual(paths['/_ping']?.['get']?.security, []);
});

test('an answer that is not as it is described is found by the tests', async (t) => {
  const {versionResource} = await import('../../../src/http/api/resources/version.ts');
  const endpoint = versionResource().endpoints.find(({name}) => name === 'api-ping');
  if (!endpoint) throw new Error('it is not there');
  const judge = (status: number, body: unknown) => violationIn({endpoint, reply: {status, body}});
  t.is(judge(200, {status: 'ok'}), undefined);
  t.regex(judge(200, {status: 'ok', secret: 'x'}) ?? '', /secret/);
  t.regex(judge(201, {status: 'ok'}) ?? '', /201/);
  t.regex(violationIn({endpoint, error: new ApiError('taken', 'x')}) ?? '', /409/);
  t.is(violationIn({endpoint, error: new ApiError('bad-request', 'x')}), undefined);
});
