/** The index of content, and all that keeps it true. */
import type {Actor} from '../../auth/administration/actor.ts';
import type {IndexAdministration} from '../../auth/administration/context.ts';
import {signatureOf} from '../../auth/administration/record.ts';
import type {Clock} from '../../host/clock.ts';
import {isAsked} from '../../host/traffic.ts';
import {insertActivities} from '../../metadata/activities.ts';
import {readIndexState, writeIndexState} from '../../metadata/content/index-state.ts';
import {readIndexStatus} from '../../metadata/content/index-status.ts';
import {listRepositoryNames} from '../../metadata/content/repositories.ts';
import type {Database} from '../../metadata/database.ts';
import type {IndexMetrics} from '../../observability/index-metrics.ts';
import type {Logger} from '../../observability/log.ts';
import type {Stores} from '../../storage/stores.ts';
import {ContentIndex} from './content-index.ts';
import {Counter} from './counter.ts';
import {Reconciling} from './reconciling.ts';
import type {RemovalTurns} from './removal-turns.ts';
import {reportOnce} from './report-once.ts';
import {StoreSurvey} from './survey.ts';
import {recheck} from './recheck.ts';
import {type SurveyPlace, SurveyThread} from './survey-thread.ts';

export interface OpenIndex {
  readonly db: Database['db'];
  readonly stores: Stores;
  readonly content: ContentIndex;
  readonly counter: Counter;
  readonly reconciling: Reconciling;
  readonly administration: IndexAdministration;
  /** Whether it has, or once had, all that the storage has: until then lists are read from the storage. */
  isComplete(): Promise<boolean>;
  /** What is not written by then is found in the outbox. */
  close(): Promise<void>;
}

interface OpenIndexOptions {
  readonly db: Database['db'];
  readonly stores: Stores;
  readonly place: SurveyPlace;
  /** Absent: no other node writes at the same time. */
  readonly removals: RemovalTurns | undefined;
  readonly metrics: IndexMetrics;
  readonly log: Logger;
  readonly now: Clock;
  /** Something has happened that may have to be told. */
  readonly onEvents: () => void;
}

export async function openIndex(options: OpenIndexOptions): Promise<OpenIndex> {
  const {db, stores, place, removals, metrics, log, now, onEvents} = options;
  const report = reportOnce(log);
  const survey = new StoreSurvey(stores);
  const content = new ContentIndex({
    db,
    survey,
    removals,
    report,
    log,
    now,
    onEvents,
  });
  const counter = new Counter({db, log, now});
  const reconciling = new Reconciling({
    db,
    survey: () => new SurveyThread(place),
    watch: () => content.watch(),
    recheck: removals ? async (facts) => recheck({db, survey, report}, facts) : undefined,
    isAsked,
    report,
    metrics,
    log,
    now,
  });
  metrics.follow(async () => readIndexStatus(db));
  let isComplete = await beginEmpty(options);
  return {
    db,
    stores,
    content,
    counter,
    reconciling,
    administration: {
      status: async () => reconciling.status(),
      rebuild: async (actor) => {
        const hasBegun = reconciling.begin();
        if (hasBegun) await noteRebuild(db, actor, now().getTime());
        return {...(await reconciling.status()), hasBegun};
      },
    },
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

async function noteRebuild(db: Database['db'], actor: Actor, at: number): Promise<void> {
  const subject = {kind: 'index', name: 'index'};
  await insertActivities(db, [
    {at, key: 'index.reindex', subject, ...(await signatureOf(db, actor))},
  ]);
}

/** Of nothing an index need not be made. Answers whether there is a whole one. */
async function beginEmpty({db, stores, now}: OpenIndexOptions): Promise<boolean> {
  const state = await readIndexState(db);
  if (state) return state.isComplete;
  const isEmpty =
    (await stores.repositories.list({limit: 1})).length === 0 &&
    (await listRepositoryNames(db, {limit: 1})).length === 0;
  if (!isEmpty) return false;
  const at = now().getTime();
  await writeIndexState(db, {startedAt: at, finishedAt: at, isComplete: true, repositories: 0});
  return true;
}
