/** The comparison of the index with the storage where no server runs. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {openConfiguredDatabase} from '../metadata/open-configured-database.ts';
import {reindex, type ReindexProgress} from '../registry/index/reindex.ts';
import {SurveyThread} from '../registry/index/survey-thread.ts';
import {Failure} from './failure.ts';
import {requireNoOtherNode} from './other-node.ts';
import type {Progress} from './progress-bar.ts';

interface ReindexAloneOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly onProgress: (progress: Progress) => void;
}

/** Ends at SIGINT and SIGTERM, and goes on from there the next time. */
export async function reindexAlone({
  config,
  paths,
  onProgress,
}: ReindexAloneOptions): Promise<ReindexProgress> {
  await requireNoOtherNode(config);
  const now = (): Date => new Date();
  const {db, close} = await openConfiguredDatabase({config, now});
  const {exclusiveCreate} = config.storage;
  const survey = new SurveyThread({root: paths.registry, exclusiveCreate});
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? 130 : 143;
    stopping.abort(new Failure('stopped: the next time it goes on from here', {code}));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await reindex(
      {
        db,
        survey,
        now,
        report: (repository, digest) => {
          process.stderr.write(
            `holdfast: ${repository}@${digest} can not be read, and is left out\n`,
          );
        },
      },
      {
        signal: stopping.signal,
        onProgress: ({repositories: done, expected}) => {
          onProgress({done, expected});
        },
      },
    );
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    survey.close();
    await close();
  }
}
