/** The thread that looks at the storage: puts together what of the registry only reads. */
import {constants, setPriority} from 'node:os';
import {workerData} from 'node:worker_threads';
import {blockingSystem} from '../storage-drivers/filesystem/blocking-system.ts';
import {openFilesystemDriver} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import {answerRequests} from './host/answer-requests.ts';
import {type Sight, StoreSurvey} from './registry/index/survey.ts';
import type {SurveyExchange, SurveyPlace, SurveyTask} from './registry/index/survey-thread.ts';
import {DigestThread} from './storage/digest-thread.ts';
import {createStores} from './storage/stores.ts';

// Of this thread alone: whoever pulls or pushes comes first.
setPriority(constants.priority.PRIORITY_LOW);

let opened: StoreSurvey | undefined;
let walk: AsyncGenerator<readonly Sight[]> | undefined;
/** Of the part that is asked for. */
let most = 0;

/** When it is first asked: that the storage is away is an answer, and not the end of the thread. */
async function openSurvey(): Promise<StoreSurvey> {
  const driver = await openFilesystemDriver({
    ...(workerData as SurveyPlace),
    system: blockingSystem,
    isReader: true,
    readsOnce: true,
  });
  return new StoreSurvey(
    createStores(driver, {
      // What is damaged is told by its absence: an answer that says it is unreadable.
      report: () => undefined,
      now: () => new Date(),
      digestThread: new DigestThread(),
    }),
  );
}

async function perform(task: SurveyTask): Promise<unknown> {
  const survey = (opened ??= await openSurvey());
  switch (task.kind) {
    case 'walk':
      walk = survey.walk(task.after, () => most);
      return undefined;
    case 'next':
      ({most} = task);
      return (await walk?.next())?.value as unknown;
    case 'ask':
      return survey.ask(task.questions);
  }
}

answerRequests<SurveyExchange>(async (task) =>
  perform(task).then(
    (result) => ({result}),
    (error: unknown) => ({error}),
  ),
);
