/** What was done to content, as it is written down: the words are those that Portus has, where it has some. */
import type {NewActivity} from '../../metadata/activities.ts';
import type {Database} from '../../metadata/database.ts';
import {findNamespacesOf} from '../../metadata/namespaces.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {Origin} from './origin.ts';

export type ContentChange =
  /** A manifest, under tags or none; `former`: what the tag pointed at before. */
  | {
      readonly kind: 'push';
      readonly digest: Digest;
      readonly tag?: Tag | undefined;
      readonly former?: Digest | undefined;
    }
  | {readonly kind: 'delete-tag'; readonly tag: Tag; readonly digest?: Digest | undefined}
  | {readonly kind: 'restore-tag'; readonly tag: Tag; readonly digest: Digest}
  | {readonly kind: 'delete-manifest'; readonly digest: Digest; readonly tags?: readonly Tag[]}
  | {readonly kind: 'delete-repository'}
  | {readonly kind: 'describe'}
  | {readonly kind: 'comment' | 'delete-comment'; readonly id: string};

interface Changed {
  readonly change: ContentChange;
  readonly repository: RepositoryName;
  /** That it belongs to (namespaceOf); absent: none. */
  readonly namespace: NewActivity['namespace'];
  readonly actor: NewActivity['actor'];
  readonly origin?: Origin | undefined;
  readonly at: number;
}

/** For `insertActivities`, in the transaction in which the index learns of the change. */
export function activityOfChange({change, origin, ...what}: Changed): NewActivity {
  const {kind, ...parameters} = change;
  return {...origin, ...what, ...subjectOf(change, what.repository), key: keys[kind], parameters};
}

const keys: Readonly<Record<ContentChange['kind'], string>> = {
  push: 'repository.push',
  'delete-tag': 'tag.delete',
  'restore-tag': 'tag.restore',
  'delete-manifest': 'manifest.delete',
  'delete-repository': 'repository.delete',
  describe: 'repository.describe',
  comment: 'comment.create',
  'delete-comment': 'comment.delete',
};

function subjectOf(change: ContentChange, name: RepositoryName): Pick<NewActivity, 'subject'> {
  switch (change.kind) {
    case 'delete-tag':
    case 'restore-tag':
      return {subject: {kind: 'tag', name: `${name}:${change.tag}`}};
    case 'delete-manifest':
      return {subject: {kind: 'manifest', name: `${name}@${change.digest}`}};
    default:
      return {subject: {kind: 'repository', name}};
  }
}

/** As `activityOfChange` wants it. */
export async function namespaceOf(
  db: Database['db'],
  repository: RepositoryName,
): Promise<NewActivity['namespace']> {
  const [nearest] = await findNamespacesOf(db, repository);
  return nearest && {id: nearest.id, name: nearest.name};
}
