/** Which repositories a question is about. */
import {type Expression, type ExpressionBuilder, sql, type SqlBool} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import {rootNamespace} from '../../oci/owning-namespace.ts';
import {belowPath, nameOf} from './path.ts';

/** All of them, where it says nothing else. */
export interface Span {
  /** Outside of these there is none of them. */
  readonly namespaces?: readonly string[] | undefined;
  /** Looked at each. */
  readonly has?: ((name: RepositoryName) => boolean) | undefined;
}

/** Rows that are read together where each is looked at: a part at a time, so that nobody else waits long. */
export const atOnce = 2000;
/** However many there are: so many are looked at. */
const mostLooked = 200_000;

/** Reads repositories, each part after a path, and keeps those that may be seen. */
export async function lookThrough<R extends {readonly path: string}>(
  {has = () => true}: Span,
  read: (after: string) => Promise<readonly R[]>,
): Promise<R[]> {
  const seen: R[] = [];
  let after = '';
  for (let count = 0; count < mostLooked; count += atOnce) {
    const rows = await read(after);
    seen.push(...rows.filter(({path}) => has(nameOf(path))));
    after = rows.at(-1)?.path ?? after;
    if (rows.length < atOnce) break;
  }
  return seen;
}

/** Whoever may see more namespaces sees much of all there is, and that is read. */
const mostRanges = 100;

/** A table with a column `path`; what `namespaces` say of it, as far as it can be said in a statement. */
export function within<DB, TB extends keyof DB>(
  eb: ExpressionBuilder<DB, TB>,
  path: Expression<string>,
  {namespaces}: Span,
): Expression<SqlBool> {
  if (namespaces === undefined || namespaces.length > mostRanges) return sql<SqlBool>`1 = 1`;
  if (namespaces.length === 0) return sql<SqlBool>`1 = 0`;
  return eb.or(namespaces.map((name) => inNamespace(path, name)));
}

export function inNamespace(path: Expression<string>, name: string): Expression<SqlBool> {
  if (name === rootNamespace) return sql<SqlBool>`${path} not like ${'%!%'}`;
  const {from, before} = belowPath(name);
  return sql<SqlBool>`(${path} > ${from} and ${path} < ${before})`;
}

/** As it was typed, or with small letters for capitals: beyond ASCII engines differ in that. */
export const mentioning = (column: Expression<string>, text: string): Expression<SqlBool> =>
  sql<SqlBool>`(${containing(column, text)} or ${containing(sql<string>`lower(${column})`, text.toLowerCase())})`;

/** Whether a column holds a text somewhere; no sign of it has a meaning. */
export const containing = (column: Expression<string>, text: string): Expression<SqlBool> =>
  sql<SqlBool>`${column} like ${`%${text.replaceAll(/[|%_]/g, '|$&')}%`} escape '|'`;
