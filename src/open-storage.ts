/** Opens the storage with the database, the index and the registry over both, and begins to look after them. */
import path from 'node:path';
import {
  holdersOf,
  openFilesystemDriver,
} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import {SealKeys} from './auth/activities/seal-keys.ts';
import {recordSettings} from './auth/activities/settings-change.ts';
import type {ContentAdministration, IndexAdministration} from './auth/administration/context.ts';
import type {IsOccupied} from './auth/fact-sources.ts';
import {readOrCreateSecret} from './config/data-directory.ts';
import {version} from './config/version.ts';
import {BeatThread} from './jobs/beat-thread.ts';
import {notificationExpiry} from './jobs/notification-expiry.ts';
import {reconciliation} from './jobs/reconciliation.ts';
import {Heartbeat} from './jobs/heartbeat.ts';
import {byLeader, Leadership} from './jobs/leadership.ts';
import {activitySealing} from './jobs/activity-sealing.ts';
import {unfinishedChanges} from './jobs/unfinished-changes.ts';
import {uploadExpiry} from './jobs/upload-expiry.ts';
import type {Database} from './metadata/database.ts';
import {measureStatements} from './metadata/measure-statements.ts';
import {metadataFaults} from './metadata/metadata-error.ts';
import {engineOf, placeOf} from './metadata/place.ts';
import {traceStatements} from './metadata/trace-statements.ts';
import {openConfiguredDatabase} from './metadata/open-configured-database.ts';
import {type Notifications, openNotifications} from './notifications/open-notifications.ts';
import {createMetrics, type Metrics} from './observability/metrics.ts';
import {contentAdministration} from './registry/content-administration.ts';
import {createRegistry, type Registry} from './registry/registry.ts';
import {openIndex} from './registry/index/open-index.ts';
import {RemovalTurns} from './registry/index/removal-turns.ts';
import {LayerThread} from './registry/layers/layer-thread.ts';
import {rememberedSize} from './registry/index/remembered-size.ts';
import {DigestThread} from './storage/digest-thread.ts';
import type {StorageDriver} from './storage/driver.ts';
import {tracedDriver} from './storage/traced-driver.ts';
import {createStores} from './storage/stores.ts';
import {type Building, repeat} from './building.ts';

export interface Storage {
  readonly db: Database['db'];
  readonly driver: StorageDriver;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly index: IndexAdministration;
  readonly content: ContentAdministration;
  readonly isOccupied: IsOccupied;
  readonly notifications: Notifications;
  /** Absent: no other node does the housekeeping. */
  readonly leadership: Leadership | undefined;
}

/** In milliseconds. */
const everyMinute = 60_000;

export async function openStorage(building: Building): Promise<Storage> {
  const {config, paths, only, system, log, now, tracing, stack} = building;
  const isShared = config.cluster.mode === 'active-active';
  const uploadSecret = await readOrCreateSecret(path.join(paths.keys, 'upload-secret'));
  // Nobody asks for them before the servers run.
  const space = async () => driver.space();
  const metrics = createMetrics({
    space,
    databaseFaults: metadataFaults,
    version: version(),
    lostLines: building.lostLines,
    digestsWaiting: () => digestThread.waiting,
  });
  const measured = measureStatements(metrics.database);
  const observe = tracing
    ? traceStatements(tracing, engineOf(placeOf(config)), measured)
    : measured;
  const {cluster} = building;
  // Before this one is there: of two that begin together one may change the database.
  const others = (await cluster?.others()) ?? [];
  const driver = await openFilesystemDriver({
    root: paths.registry,
    ...(cluster ? {claim: cluster.claim} : {}),
    exclusiveCreate: config.storage.exclusiveCreate,
    // The realm asks what is there: a name that is in use is not given away.
    isReader: only === 'token',
    ...(system ? {system} : {}),
  });
  stack.defer(async () => driver.close());
  if (cluster) {
    const {beatEvery: interval, onOver} = cluster;
    const thread = new BeatThread({root: paths.registry, epoch: driver.epoch});
    stack.defer(async () => thread.close());
    const heartbeat = new Heartbeat({
      beat: async (word) => thread.beat(word),
      interval,
      onOver,
      log,
    });
    stack.defer(async () => heartbeat.close());
  }
  // After the right to write: a node that held both lets go of a file of SQLite's only when it has lost that, and before it gives that away.
  const {db, close} = await openConfiguredDatabase({...building, observe, others});
  stack.defer(close);
  const digestThread = new DigestThread();
  stack.defer(async () => digestThread.close());
  const report = (key: string, finding: string) => {
    log.error({key, finding}, 'damaged content found');
  };
  const stores = createStores(tracing ? tracedDriver(driver, tracing) : driver, {
    report,
    now,
    digestThread,
    rememberedSize: rememberedSize(db),
  });
  const {exclusiveCreate} = config.storage;
  const place = {root: paths.registry, exclusiveCreate, volumeId: driver.volumeId};
  const notifications = openNotifications({
    db,
    config,
    metrics: metrics.notifications,
    log,
    now,
    isSending: only !== 'token',
    longestPause: building.longestPause,
  });
  stack.defer(async () => notifications.close());
  const onEvents = (): void => {
    notifications.wake();
  };
  const mayWrite = async (epoch: number): Promise<boolean> =>
    (await holdersOf(paths.registry)).some(
      (holder) => holder.epoch === epoch && holder.state !== 'dead',
    );
  const index = await openIndex({
    db,
    stores,
    place,
    removals: isShared ? new RemovalTurns({db, epoch: driver.epoch, mayWrite, log}) : undefined,
    metrics: metrics.index,
    log,
    now,
    onEvents,
  });
  stack.defer(async () => index.close());
  const layerThread = new LayerThread({place, onRead: metrics.layers.read});
  stack.defer(async () => layerThread.close());
  const options = {config, index, digestThread, layerThread, uploadSecret, now, log, space};
  const registry = createRegistry(stores, options);
  stack.defer(async () => registry.statistics.close());
  const {repositories} = stores;
  const leadership = isShared ? new Leadership(db, now) : undefined;
  stack.defer(async () => leadership?.close());
  if (only !== 'token') {
    const jobs = [
      uploadExpiry({repositories, uploads: registry.uploads, metrics: metrics.content, log}),
      unfinishedChanges(index, {isShared, now, log}),
      await reconciliation(index, config.index.reconcileInterval),
      notificationExpiry({db, keepFor: config.notifications.keepFor, now}),
    ];
    repeat(
      {...building, metrics},
      jobs.map((job) => byLeader(leadership, job)),
    );
    // Before its job, which waits for it.
    stack.defer(async () => index.reconciling.close());
  }
  const sealKeys = new SealKeys(paths.keys);
  await recordSettings({db, directory: paths.keys, keys: sealKeys, config, now: now()});
  // In whichever part: all of them do something that is written down.
  const {keepFor} = config.activities;
  const sealing = activitySealing({db, directory: paths.keys, keys: sealKeys, keepFor, now, log});
  repeat({...building, metrics}, [sealing], everyMinute);
  const isOccupied: IsOccupied = async (name) => repositories.holdsBelow(name);
  const content = contentAdministration({db, registry, now});
  return {
    driver,
    registry,
    db,
    metrics,
    index: index.administration,
    content,
    isOccupied,
    notifications,
    leadership,
  };
}
