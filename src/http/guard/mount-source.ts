/** Where a blob may be mounted from. */
import type {Access} from '../../auth/access.ts';
import {repositoryScope} from '../../auth/rights.ts';
import {stillGrants} from '../../auth/token-holder.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {rootNamespace} from '../../oci/owning-namespace.ts';
import type {Context} from '../context.ts';
import type {FindMountSource} from '../v2/uploads.ts';
import {callerOf} from './caller-of.ts';

/**
 * A source that is named has to be in the token. Without one a blob is looked for in the namespace that is pushed to, as far as the account
 * itself may pull there: no token could be asked for a source that its client does not know.
 */
export function mountSource(access: Access): FindMountSource {
  return async (ctx, name, from) => {
    const {rights} = access;
    if (from) {
      return (await maySee(ctx, access, from))
        ? {kind: 'repository', name: from}
        : {kind: 'nowhere'};
    }
    const namespace = await rights.namespaceOf(name);
    if (namespace === undefined || namespace === rootNamespace) return {kind: 'nowhere'};
    const caller = await callerOf(ctx, access);
    const mayPull = async (each: RepositoryName): Promise<boolean> =>
      (await rights.refusal(caller, repositoryScope(each, 'pull'))) === undefined;
    return {kind: 'namespace', namespace, mayPull};
  };
}

async function maySee(ctx: Context, access: Access, name: RepositoryName): Promise<boolean> {
  const {presented} = ctx.state;
  const pull = repositoryScope(name, 'pull');
  if (presented?.kind === 'token') return stillGrants(access, presented.token, pull);
  if (presented?.kind !== 'account') return false;
  return (await access.rights.refusal(presented.account, pull)) === undefined;
}
