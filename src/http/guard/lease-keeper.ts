/** Uploads that outlive their token, as the routes meet them. */
import type {Access} from '../../auth/access.ts';
import type {Presented} from '../../auth/presented.ts';
import {repositoryScope} from '../../auth/rights.ts';
import type {VerifiedToken} from '../../auth/verified-token.ts';
import {isDigest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Context} from '../context.ts';
import type {PermitManifest} from '../v2/manifests.ts';
import type {Challenger} from './challenge.ts';

export interface LeaseKeeper {
  /** Before an upload begins. */
  readonly begin: (presented: Presented, name: RepositoryName) => Promise<void>;
  /** After a blob or a manifest was made, before the answer says so. */
  readonly record: (ctx: Context, presented: Presented, name: RepositoryName) => Promise<void>;
  readonly mayContinue: (token: VerifiedToken, name: RepositoryName) => Promise<boolean>;
  /** Under a lease only what names something that this very token has uploaded. */
  readonly permitManifest: PermitManifest;
}

interface LeaseKeeperOptions {
  readonly access: Pick<Access, 'leases'>;
  readonly challenger: Challenger;
}

export function leaseKeeper({access: {leases}, challenger}: LeaseKeeperOptions): LeaseKeeper {
  return {
    begin: async (presented, name) => {
      if (presented.kind === 'token') await leases.begin(presented.token, name);
    },
    record: async (ctx, presented, name) => {
      if (ctx.status !== 201 || !('token' in presented)) return;
      const digest = ctx.response.get('Docker-Content-Digest');
      if (isDigest(digest)) await leases.record(presented.token, name, digest);
    },
    mayContinue: async (token, name) => leases.mayContinue(token, name),
    permitManifest: async (ctx, name, {blobs, children}) => {
      const {presented} = ctx.state;
      if (presented?.kind !== 'expired-token') return;
      const digests = [...blobs, ...children].map(({digest}) => digest);
      if (await leases.hasUploaded(presented.token, name, digests)) return;
      throw challenger.unauthorized(ctx, [repositoryScope(name, 'pull', 'push')], 'invalid_token');
    },
  };
}
