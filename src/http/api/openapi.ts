/** The description of the API for programs, OpenAPI 3.1: made of the schemas by which requests are judged. */
import {z} from 'zod';
import {apiErrors} from './api-error.ts';
import type {Endpoint, Resource} from './endpoint.ts';
import {errorAnswer} from './error-answer.ts';
import {apiBase} from './routes.ts';

type Json = Readonly<Record<string, unknown>>;

export function openapiOf(resources: readonly Resource[], version: string): Json {
  const schemas = new Schemas();
  const paths = new Map<string, Record<string, Json>>();
  for (const resource of resources) {
    for (const endpoint of resource.endpoints) {
      const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
      const methods = paths.get(path) ?? {};
      methods[endpoint.method] = operationOf(endpoint, resource, schemas);
      paths.set(path, methods);
    }
  }
  const error = schemas.of(errorAnswer, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      description: 'The management of a Holdfast registry: people, teams, namespaces.',
    },
    servers: [{url: apiBase}],
    tags: resources.map(({name, description}) => ({name, description})),
    paths: Object.fromEntries(paths),
    components: {
      schemas: schemas.all(),
      responses: Object.fromEntries(
        Object.entries(faults).map(([status, description]) => [
          `fault-${status}`,
          {description, content: {'application/json': {schema: error}}},
        ]),
      ),
      securitySchemes: {
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'A name, and an application token or the password.',
        },
        portus: {
          type: 'apiKey',
          in: 'header',
          name: 'Portus-Auth',
          description: 'NAME:TOKEN, as clients of Portus send it.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-holdfast',
          description:
            'Of a browser that has signed in (`holdfast` over plain HTTP); changes must come from a page of this registry.',
        },
      },
    },
  };
}

/** What may go wrong wherever the cause is there. */
const faults = {
  400: 'The request could not be understood.',
  401: 'Nobody has logged in, or the name or the token is not right.',
  403: 'This account, or this token, may not do that.',
  404: 'It is not there, or not for this account.',
  405: 'It is switched off, or over for good.',
  408: 'The body did not come in time.',
  409: 'Something has the name already, or a rule stands against it.',
  412: 'It was changed since it was read.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Fields of the body are not as they must be: each is named.',
  429: 'Too often: again after Retry-After seconds.',
  503: 'It is not possible at present: again after Retry-After seconds.',
} as const satisfies Readonly<Record<number, string>>;

type FaultStatus = keyof typeof faults;

function faultsOf({
  who,
  logsIn,
  params,
  body,
  method,
  canBeOff,
  looksUp,
}: Endpoint): readonly FaultStatus[] {
  return [
    // A query that it does not know.
    400,
    503,
    ...(who === 'everybody' && logsIn !== true ? [] : ([401, 403, 429] as const)),
    ...(params || body || looksUp ? ([404] as const) : []),
    ...(canBeOff ? ([405] as const) : []),
    ...(method === 'get' ? [] : ([409, 412] as const)),
    ...(body ? ([408, 413, 415, 422] as const) : []),
  ];
}

/** For whoever checks answers: whether an endpoint may answer that. */
export const statusesOf = (endpoint: Endpoint): ReadonlySet<number> =>
  new Set([
    ...Object.keys(endpoint.answers).map(Number),
    ...faultsOf(endpoint),
    apiErrors.internal,
  ]);

function operationOf(endpoint: Endpoint, {name: tag}: Resource, schemas: Schemas): Json {
  const {name, summary, description, rule, who, body, wrapper, answers} = endpoint;
  const told = Object.keys(answers).map(Number);
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: [description, whoText[who], rule].filter((each) => each !== undefined).join(' '),
    security: securityOf(endpoint),
    parameters: parametersOf(endpoint, schemas),
    ...(body && {
      requestBody: {
        required: true,
        content: {'application/json': {schema: wrapped(schemas.of(body, 'input'), wrapper)}},
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, {description: text, schema, type, file}]) => [
          status,
          {
            description: text,
            ...(schema && {
              content: type
                ? {[type]: {schema: {type: 'string'}}}
                : {
                    'application/json': {schema: schemas.of(schema, 'output')},
                    ...(file && {[file]: {schema: {type: 'string'}}}),
                  },
            }),
          },
        ]),
      ),
      ...Object.fromEntries(
        faultsOf(endpoint)
          .filter((status) => !told.includes(status))
          .map((status) => [status, {$ref: `#/components/responses/fault-${status}`}]),
      ),
    },
  };
}

export const whoText = {
  everybody: 'For everybody.',
  anonymous: 'With an account, and without.',
  account: 'For every account.',
  person: 'For people, with all their rights.',
  admin: 'For admins.',
} as const satisfies Readonly<Record<Endpoint['who'], string>>;

const securityOf = ({who}: Endpoint): readonly Json[] => {
  if (who === 'everybody') return [];
  const schemes = [{basic: []}, {portus: []}, {session: []}];
  return who === 'anonymous' ? [{}, ...schemes] : schemes;
};

const wrapped = (schema: Json, wrapper: string | undefined): Json =>
  wrapper === undefined
    ? schema
    : {
        anyOf: [schema, {type: 'object', properties: {[wrapper]: schema}, required: [wrapper]}],
      };

function parametersOf(
  {params, query, edits, method, answers}: Endpoint,
  schemas: Schemas,
): readonly Json[] {
  const type = answers[200]?.type;
  const header = (name: string, description: string): Json => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: {type: 'string'},
  });
  return [
    ...fieldsOf(params, 'path', schemas),
    ...fieldsOf(query, 'query', schemas),
    ...(method === 'get' && type === undefined
      ? [header('If-None-Match', 'The ETag of what the client has.')]
      : []),
    ...(type === 'text/event-stream'
      ? [header('Last-Event-ID', 'The last event that the client has.')]
      : []),
    ...(edits && method !== 'get'
      ? [header('If-Match', 'The ETag of what is to be changed.')]
      : []),
  ];
}

function fieldsOf(
  object: z.ZodObject | undefined,
  place: 'path' | 'query',
  schemas: Schemas,
): readonly Json[] {
  if (!object) return [];
  const {properties = {}, required = []} = schemas.of(object, 'input') as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, {description, ...schema}]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : {description}),
    schema: asMeant(schema),
  }));
}

/** A number and a truth of a query come as text, and are judged as such: what they are is what `type` says. */
function asMeant({pattern, enum: values, default: usual, ...schema}: Json): Json {
  const {type} = schema;
  if (type === 'integer') return {...schema, minimum: 1, default: Number(usual)};
  if (type === 'boolean') {
    return {...schema, ...(usual === undefined ? {} : {default: usual === 'true'})};
  }
  return {
    ...schema,
    ...(pattern === undefined ? {} : {pattern}),
    ...(values === undefined ? {} : {enum: values}),
    ...(usual === undefined ? {} : {default: usual}),
  };
}

/** What has a name is described once, under components. */
class Schemas {
  readonly #named = new Map<string, Json>();

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {$defs, ...made} = z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      io,
      unrepresentable: 'any',
    }) as Json;
    const {id} = schema.meta() ?? {};
    for (const [name, each] of Object.entries(($defs ?? {}) as Readonly<Record<string, Json>>)) {
      this.#named.set(name, elsewhere(each) as Json);
    }
    const settled = elsewhere(made) as Json;
    // One that is used by itself, too, stands among its own parts.
    if (id === undefined || '$ref' in settled) return settled;
    this.#named.set(id, settled);
    return {$ref: `#/components/schemas/${id}`};
  }

  all(): Json {
    return Object.fromEntries(
      [...this.#named].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  }
}

/** Where zod refers to a neighbour, OpenAPI refers to its components. */
function elsewhere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(elsewhere);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // A field may be called so, too: then it is no text.
      .filter(([key, each]) => typeof each !== 'string' || (key !== 'id' && key !== '$schema'))
      .map(([key, each]) => [
        key,
        key === '$ref' && typeof each === 'string'
          ? each.replace('#/$defs/', '#/components/schemas/')
          : elsewhere(each),
      ]),
  );
}
