/** The thread that says that this process lives. */
import {workerData} from 'node:worker_threads';
import {beat} from '../storage-drivers/filesystem/beat.ts';
import {blockingSystem} from '../storage-drivers/filesystem/blocking-system.ts';
import {epochDirectory} from '../storage-drivers/filesystem/epoch.ts';
import {answerRequests} from './host/answer-requests.ts';
import type {BeatExchange, BeatPlace} from './jobs/beat-thread.ts';

const {root, epoch} = workerData as BeatPlace;
const directory = epochDirectory(root, epoch);

answerRequests<BeatExchange>(async (word) =>
  beat(blockingSystem, directory, word).then(
    (isOurs) => ({isOurs}),
    (error: unknown) => ({error}),
  ),
);
