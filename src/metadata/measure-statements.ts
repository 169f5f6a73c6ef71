/** Tells the metrics of each statement. */
import type {DatabaseMetrics} from '../observability/database-metrics.ts';
import {MetadataError} from './metadata-error.ts';
import type {ObserveStatement} from './observed-dialect.ts';

export const measureStatements =
  ({answered, failed}: DatabaseMetrics): ObserveStatement =>
  (statement) => {
    const begin = performance.now();
    return (error) => {
      answered(statement, (performance.now() - begin) / 1000);
      // What is no MetadataError is a bug of ours.
      if (error !== undefined) failed(error instanceof MetadataError ? error.kind : 'query');
    };
  };
