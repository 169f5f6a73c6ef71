/** Which repositories a question is about. */
import {type Expression, type ExpressionBuilder, sql, type SqlBool} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import {rootNamespace} from '../../oci/owning-namespace.ts';
import {belowPath} from './path.ts';

/** All of them, where it says nothing else. */
export interface Span {
  /** Outside of these there is none of them. */
  readonly namespaces?: readonly string[] | undefined;
  /** Looked at each. */
  readonly has?: ((name: RepositoryName) => boolean) | undefined;
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

/** Whether a column holds a text somewhere; no sign of it has a meaning. */
export const containing = (column: Expression<string>, text: string): Expression<SqlBool> =>
  sql<SqlBool>`${column} like ${`%${text.replaceAll(/[|%_]/g, '|$&')}%`} escape '|'`;
