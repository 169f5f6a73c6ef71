/** What happens to content, as it is told. */
import type {Credential, NewActivity} from '../activities.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';

export const eventActions = ['push', 'pull', 'mount', 'delete', 'tag'] as const;
export type EventAction = (typeof eventActions)[number];

export const eventObjects = ['manifest', 'tag', 'blob', 'repository'] as const;
export type EventObject = (typeof eventObjects)[number];

/** The request that was the cause. */
export interface EventRequest {
  readonly id: string;
  /** `192.0.2.1` */
  readonly address: string;
  /** As the client called it: `registry.example.org:5000`; may be empty. */
  readonly host: string;
  readonly method: string;
  readonly userAgent: string;
  /** Where the registry is for that client: `https://registry.example.org:5000`, or empty. */
  readonly base: string;
}

/** Who did it, and by what request. */
export interface Origin {
  /** The name; `undefined`: nobody who is known. */
  readonly actor: string | undefined;
  /** More of him, and by what he was known; absent: nothing more is known. */
  readonly doer?: NewActivity['actor'] | undefined;
  readonly credential?: Credential | undefined;
  /** Absent: no request to the registry, but a command at the host. */
  readonly request?: EventRequest | undefined;
}

/** What is done, to what. */
export interface Deed {
  readonly action: EventAction;
  readonly object: EventObject;
  /** As it was used: sha256 or sha512. */
  readonly digest?: Digest | undefined;
  readonly mediaType?: string | undefined;
  /** In bytes. */
  readonly size?: number | undefined;
}

/** Something that has happened. */
export interface Happening extends Deed, Origin {
  readonly repository: RepositoryName;
  readonly tag?: Tag | undefined;
  /** Of a mount: where the blob was. */
  readonly from?: RepositoryName | undefined;
  /** In ms. */
  readonly at: number;
}

export interface Event extends Happening {
  /** A UUID; the same whoever is told of it, and how often. */
  readonly id: string;
  /** Its place among all events, from 1 on; 0: it has none. */
  readonly seq: number;
}
