/** Syncs that a server might leave out, each of which must be missed: else nothing is shown by a run in which none was. */
import type {Keeps} from './disk-history.ts';
import type {CutStyle} from './power-cut.ts';

export interface Omission {
  readonly keeps: Keeps;
  readonly style: CutStyle;
  /** Tried in the short form, too. */
  readonly isQuick?: true;
}

const least: CutStyle = {names: 'least', bytes: 'least'};

const directories = (names: RegExp): Omission => ({
  keeps: (name, kind) => kind !== 'directory' || !names.test(name),
  style: least,
});

/** As they were called when they were opened. */
const files = (names: RegExp, style: CutStyle = {names: 'all', bytes: 'least'}): Omission => ({
  keeps: (name, kind) => kind !== 'file' || !names.test(name),
  style,
});

export const omissions: Readonly<Record<string, Omission>> = {
  'every directory': {...directories(/^/), isQuick: true},
  'every file': {...files(/^/), isQuick: true},
  'directories of the storage root': directories(/^registry($|\/_holdfast)/),
  'directories of blobs': directories(/\/blobs(\/|$)/),
  'directories of the links of blobs': directories(/\/_layers(\/|$)/),
  'directories of the links of manifests': directories(/\/_manifests\/revisions(\/|$)/),
  'directories of tags': {...directories(/\/_manifests\/tags(\/|$)/), isQuick: true},
  'directories of histories': directories(/\/_history(\/|$)/),
  'directories of referrers': directories(/\/_referrers(\/|$)/),
  'directories of uploads': directories(/\/_uploads(\/|$)/),
  'the directory of the database': directories(/^database$/),
  'the directory of keys': directories(/^keys$/),
  'links and manifests on their way': files(/\/epochs\/\d+\/[0-9a-f-]{36}$/),
  'blobs on their way': files(/\.part$/),
  'what is noted of uploads': files(/\.checkpoint$/),
  'the log of the database': files(/holdfast\.db-wal$/, least),
  'the database, where its log is emptied': files(/holdfast\.db$/),
};
