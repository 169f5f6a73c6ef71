/** Layers are read when somebody asks for the first time: until that is done the registry tells how far it is. */
import type {components} from '../../../api/generated.js';

export type Reading = components['schemas']['Reading'];

export const isReading = (answer: object): answer is Reading =>
  'state' in answer && answer.state === 'reading';

/** In milliseconds: how often it is asked again; false: it is all there. */
export const askAgain = (answers: readonly object[] | undefined): number | false =>
  answers?.some(isReading) === true ? 1000 : false;
