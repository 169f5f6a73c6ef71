/** What the API is made of: endpoints as data, which become routes (routes.ts) and their description (openapi.ts). */
import type {Readable} from 'node:stream';
import {z} from 'zod';
import {inputFaults} from '../../auth/administration/administration-error.ts';
import type {RouteContext} from '../context.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';
import {unplainFields} from './plain-text.ts';

/**
 * Who may ask; what he may see and change is a rule of the handler. `everybody`: nobody is asked who he is; `anonymous`: with an account or
 * without; `account`: robots and limited tokens too; `person`: somebody with all his rights; `admin`: such a person, who is an admin.
 */
type Who = 'everybody' | 'anonymous' | 'account' | 'person' | 'admin';

interface AnswerShape {
  readonly description: string;
  /** Of a stream: of events, in which `schema` comes again and again, or of a file; absent: JSON. */
  readonly type?: 'text/event-stream' | 'application/x-pem-file';
  /** Strict: what it does not name is not answered. Absent: no body. */
  readonly schema?: z.ZodType;
  /** The type of what may come in its place. */
  readonly file?: 'text/csv';
}

export interface Reply {
  /** One of those that the endpoint names. */
  readonly status: number;
  readonly body?: unknown;
  /** In place of a body: of the type that the endpoint names, or as the headers say. */
  readonly stream?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked<P, Q, B> {
  readonly ctx: RouteContext;
  readonly asker: Asker;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

interface Described {
  /** Of the route: in logs, in metrics, and as operationId. */
  readonly name: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below /api/v1, as `/users/:id`. */
  readonly path: string;
  /** Whole paths, of clients that have learnt another one. */
  readonly also?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly who: Who;
  /** Who of those may in particular, in a sentence. */
  readonly rule?: string;
  /** The handler looks at what a token is limited to; else a token of some namespaces is refused. */
  readonly limited?: true;
  /** Of a GET: its ETag may be named by If-Match of a change. Of a change: the handler looks at that (edit.ts). */
  readonly edits?: true;
  /** Asks who somebody is by itself; from pages of others it is not asked. */
  readonly logsIn?: true;
  /** What its query names may not be there. */
  readonly looksUp?: true;
  /** The configuration may have it off, or it may be over. */
  readonly canBeOff?: true;
  /** The body may stand in an object with this one key, as clients of Portus send it. */
  readonly wrapper?: string;
  /** Faults are described with what they come from: those that every such endpoint has need not stand here. */
  readonly answers: Readonly<Record<number, AnswerShape>>;
}

/** All that was sent, not looked at yet. */
interface Given {
  readonly params: unknown;
  readonly query: unknown;
  readonly readBody: () => Promise<unknown>;
}

export interface Endpoint extends Described {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Rejects with an ApiError, or with an AdministrationError. */
  readonly perform: (ctx: RouteContext, asker: Asker, given: Given) => Promise<Reply>;
}

/** What belongs together, under one heading. */
export interface Resource {
  readonly name: string;
  readonly description: string;
  readonly endpoints: readonly Endpoint[];
}

const nothing = z.strictObject({});

interface Shape<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
> extends Described {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (asked: Asked<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply> | Reply;
}

export function endpoint<
  P extends z.ZodObject = typeof nothing,
  Q extends z.ZodObject = typeof nothing,
  B extends z.ZodType = z.ZodUndefined,
>({handle, ...shape}: Shape<P, Q, B>): Endpoint {
  const {params, query, body, wrapper} = shape;
  return {
    ...shape,
    perform: async (ctx, asker, given) => {
      const asked = {
        ctx,
        asker,
        params: parse(params ?? nothing, given.params, 'bad-request') as z.output<P>,
        query: parse(query ?? nothing, given.query, 'bad-request') as z.output<Q>,
        body: (body &&
          parse(body, unwrap(await given.readBody(), wrapper), 'invalid')) as z.output<B>,
      };
      return handle(asked);
    },
  };
}

function parse(schema: z.ZodType, given: unknown, code: 'bad-request' | 'invalid'): unknown {
  const unplain = unplainFields(given);
  if (unplain.length > 0) throw new ApiError(code, unplain);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ApiError(code, inputFaults(parsed.error));
}

/** `{"user": {...}}` is `{...}`, where nothing else stands there. */
function unwrap(given: unknown, wrapper: string | undefined): unknown {
  if (wrapper === undefined || typeof given !== 'object' || given === null) return given;
  const entries = Object.entries(given);
  const [only] = entries;
  return entries.length === 1 && only?.[0] === wrapper ? only[1] : given;
}
