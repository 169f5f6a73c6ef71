/** The index of content, and all that keeps it true. */
import {readIndexState} from '../../metadata/content/index-state.ts';
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Stores} from '../../storage/stores.ts';
import {ContentIndex} from './content-index.ts';
import {Counter} from './counter.ts';
import {Reconciling} from './reconciling.ts';
import {StoreSurvey} from './survey.ts';
import type {SurveyThread} from './survey-thread.ts';

export interface OpenIndex {
  readonly db: Database['db'];
  readonly content: ContentIndex;
  readonly counter: Counter;
  readonly reconciling: Reconciling;
  /** Whether it has, or once had, all that the storage has: until then lists are read from the storage. */
  isComplete(): Promise<boolean>;
  /** What is not written by then is found in the outbox. */
  close(): Promise<void>;
}

interface OpenIndexOptions {
  readonly db: Database['db'];
  readonly stores: Stores;
  readonly survey: () => SurveyThread;
  readonly log: Logger;
  readonly now: () => Date;
}

export function openIndex({db, stores, survey, log, now}: OpenIndexOptions): OpenIndex {
  const report = (repository: RepositoryName, digest: Digest): void => {
    log.warn({repository, digest}, 'manifest can not be read, and is not in the index');
  };
  const content = new ContentIndex({db, survey: new StoreSurvey(stores), report, log, now});
  const counter = new Counter({db, log, now});
  const reconciling = new Reconciling({db, survey, report, log, now});
  let isComplete = false;
  return {
    db,
    content,
    counter,
    reconciling,
    isComplete: async () => {
      isComplete ||= (await readIndexState(db))?.isComplete === true;
      return isComplete;
    },
    close: async () => {
      await reconciling.close();
      await content.close();
      await counter.close();
    },
  };
}
