/** Everything that is measured, in the order of the report. */
import type {Measurement} from '../measurement.ts';
import type {Scale} from '../scale.ts';
import {accountMeasurements} from './accounts.ts';
import {chunksOf} from './chunks.ts';
import {imagesOf} from './images.ts';
import {listsOf} from './lists.ts';
import {memoryOf} from './memory.ts';
import {pullOf} from './pull.ts';
import {pushOf} from './push.ts';
import {requestMeasurements} from './requests.ts';
import {shapesOf} from './shapes.ts';
import {startsOf} from './startup.ts';
import {syncs} from './syncs.ts';
import {tokenMeasurements} from './tokens.ts';

export function measurementsOf(scale: Scale): readonly Measurement[] {
  const shapes = shapesOf(scale);
  const protocols = ['http', 'https'] as const;
  return [
    ...protocols.flatMap((protocol) => shapes.map((shape) => pushOf(shape, protocol))),
    ...protocols.flatMap((protocol) => shapes.map((shape) => pullOf(shape, protocol))),
    chunksOf(scale),
    imagesOf(scale),
    ...requestMeasurements,
    ...accountMeasurements,
    ...tokenMeasurements,
    ...listsOf(scale),
    memoryOf(scale),
    ...startsOf(scale),
    syncs,
  ];
}
