/** The thread that looks into layers: puts together what of the registry only reads. */
import {constants, setPriority} from 'node:os';
import {workerData} from 'node:worker_threads';
import {openFilesystemDriver} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import {answerRequests} from './host/answer-requests.ts';
import type {SurveyPlace} from './registry/index/survey-thread.ts';
import {Desk} from './registry/layers/desk.ts';
import {type LayerRead, Shelf} from './registry/layers/shelf.ts';
import type {LayerExchange} from './registry/layers/task.ts';
import {DigestThread} from './storage/digest-thread.ts';
import {createStores, type Stores} from './storage/stores.ts';

// Of this thread alone: whoever pulls or pushes comes first.
setPriority(constants.priority.PRIORITY_LOW);

let opened: Stores | undefined;
let reads: LayerRead[] = [];

/** When it is first asked: that the storage is away is an answer, and not the end of the thread. */
async function openStores(): Promise<Stores> {
  const driver = await openFilesystemDriver({
    ...(workerData as SurveyPlace),
    isReader: true,
    readsOnce: true,
  });
  return createStores(driver, {
    // What is damaged is told to whoever looks into it.
    report: () => undefined,
    now: () => new Date(),
    digestThread: new DigestThread(),
  });
}

const desk = new Desk(
  new Shelf({
    open: async (digest) => (opened ??= await openStores()).blobs.openRead(digest),
    onRead: (read) => {
      reads.push(read);
    },
  }),
);

answerRequests<LayerExchange>(async (task) => {
  const outcome = await desk.answer(task);
  const told = reads;
  reads = [];
  return {outcome, reads: told};
});
