/** The tables. Times are milliseconds since 1970, ids are text, truth is 0 or 1: what SQLite, MariaDB and PostgreSQL have in common. */
import type {ActivitySchema} from './activity-schema.ts';
import type {ContentSchema} from './content/schema.ts';
import type {EventSchema} from './events/schema.ts';
import type {ImportedSchema} from './imported-schema.ts';
import type {Role, Visibility} from './words.ts';

export interface Schema extends ContentSchema, EventSchema, ImportedSchema, ActivitySchema {
  readonly users: UsersTable;
  readonly claims: ClaimsTable;
  readonly teams: TeamsTable;
  readonly memberships: MembershipsTable;
  readonly namespaces: NamespacesTable;
  readonly application_tokens: ApplicationTokensTable;
  readonly refresh_tokens: RefreshTokensTable;
  readonly sessions: SessionsTable;
  readonly upload_leases: UploadLeasesTable;
  readonly leased_blobs: LeasedBlobsTable;
  readonly revisions: RevisionsTable;
}

/** People and robots. */
export interface UsersTable {
  readonly id: string;
  /** Unique; lower case. */
  readonly name: string;
  readonly is_robot: number;
  /** Whose passwords count: `local`, `htpasswd`, and later others. */
  readonly provider: string;
  /** What the provider calls the account; never changes. Unique with the provider. */
  readonly subject: string;
  readonly display_name: string | null;
  readonly email: string | null;
  /** In PHC format, or bcrypt's where it was taken from elsewhere; null: no password of its own. */
  readonly password_hash: string | null;
  readonly is_admin: number;
  readonly is_enabled: number;
  /** Raised by every change that ends what was issued before: tokens and refresh tokens of an older one count no more. */
  readonly generation: number;
  /** The team that owns a robot. */
  readonly team_id: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly last_login_at: number | null;
}

/** What only one can have: its row decides between racers. `first-admin` is one. */
interface ClaimsTable {
  readonly name: string;
  readonly user_id: string;
  readonly created_at: number;
}

export interface TeamsTable {
  readonly id: string;
  /** Unique. */
  readonly name: string;
  readonly description: string;
  /** The team of one, behind a personal namespace; not listed. */
  readonly is_personal: number;
  /** Whether groups of the same name, of a directory, decide who is in it. */
  readonly is_synced: number;
  readonly created_at: number;
}

/** One for each team and user. */
export interface MembershipsTable {
  readonly team_id: string;
  readonly user_id: string;
  readonly role: Role;
  /** The provider whose groups have made it; null: by hand. */
  readonly source: string | null;
  readonly created_at: number;
}

export interface NamespacesTable {
  readonly id: string;
  /** Unique; one or more components of repository names; empty: the root namespace, of names without a slash. */
  readonly name: string;
  readonly team_id: string;
  readonly visibility: Visibility;
  readonly description: string;
  readonly created_at: number;
}

/** Work as the password of their user. */
export interface ApplicationTokensTable {
  /** The part of the token that finds it. */
  readonly id: string;
  readonly user_id: string;
  /** Unique for each user. */
  readonly name: string;
  /** SHA-256 of the whole token, hex: it has 256 random bits, so that no slow hash is needed. Of tokens from elsewhere bcrypt's, until one is used. */
  readonly hash: string;
  /** A JSON list of namespaces; null: all that its user has. */
  readonly namespaces: string | null;
  readonly is_pull_only: number;
  /** Null: never. */
  readonly expires_at: number | null;
  readonly created_at: number;
  readonly last_used_at: number | null;
}

export interface RefreshTokensTable {
  readonly id: string;
  readonly user_id: string;
  /** The service it was issued for; counts for no other. */
  readonly service: string;
  readonly client_id: string;
  /** As of application tokens. */
  readonly hash: string;
  /** Of the user, when it was issued. */
  readonly generation: number;
  /** The application token it was obtained with, and ends with. */
  readonly application_token_id: string | null;
  readonly created_at: number;
  readonly last_used_at: number;
  /** Moves on with each use. */
  readonly expires_at: number;
}

/** Sign-ins with a browser. */
export interface SessionsTable {
  readonly id: string;
  readonly user_id: string;
  /** As of application tokens. */
  readonly hash: string;
  /** Of the user, when he signed in. */
  readonly generation: number;
  /** By whom he was known. */
  readonly provider: string;
  readonly created_at: number;
  readonly last_used_at: number;
  /** Moves on with each use, up to a bound. */
  readonly expires_at: number;
  /** From where, and with what he signed in; null: nobody knows. */
  readonly address: string | null;
  readonly user_agent: string | null;
  /** The browser keeps it when it is closed; null: no. */
  readonly remembered: number | null;
}

/** An upload that may be finished with the token it was begun with, after that has expired. One for each token and repository. */
interface UploadLeasesTable {
  /** The token's `jti`. */
  readonly token_id: string;
  readonly repository: string;
  readonly expires_at: number;
}

/** What a token has uploaded: the content of manifests that it may put under its lease. */
interface LeasedBlobsTable {
  readonly token_id: string;
  readonly repository: string;
  readonly digest: string;
  readonly expires_at: number;
}

/** Counters by which other processes notice that something has changed. */
interface RevisionsTable {
  readonly name: 'accounts' | 'index';
  readonly value: number;
}
