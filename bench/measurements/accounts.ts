/** What it costs to know who asks: the same requests with a token that counts, and open to all. */
import type {Measurement} from '../measurement.ts';
import {coreMetric} from './ask.ts';
import {type Kind, kinds, requestMeasurement} from './requests.ts';

const base: Kind = {
  name: 'base',
  title: 'GET of /v2/',
  method: 'GET',
  of: 'base',
  by: 'nothing',
};
const others = kinds.filter(({name}) => name === 'manifest/get-tag' || name === 'blob/head');

/** Holdfast is compared with itself, as both take turns. */
export const accountMeasurements: readonly Measurement[] = [base, ...others].flatMap((kind) =>
  [1, 64].map((connections) => {
    const measurement = requestMeasurement({...kind, chart: false}, connections);
    return {
      ...measurement,
      id: `accounts/${measurement.id}`,
      group: 'With accounts, compared with none',
      metrics: [...measurement.metrics, coreMetric],
      yardstick: 'holdfast',
      takes: ({accounts}) => accounts !== undefined,
    };
  }),
);
