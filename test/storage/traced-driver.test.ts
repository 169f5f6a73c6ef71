/** A driver whose calls are traced keeps all promises of a driver, and leaves no span open. */
import test from 'ava';
import type {EndSpan, Spans} from '../../src/observability/tracing.ts';
import {tracedDriver} from '../../src/storage/traced-driver.ts';
import {storageDriverContract} from '../contract/storage-driver.ts';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';

const counts = {begun: 0, ended: 0};

const counting: Spans = {
  begin: (): EndSpan => {
    counts.begun += 1;
    return () => {
      counts.ended += 1;
    };
  },
};

storageDriverContract((t) => {
  const driver = tracedDriver(createMemoryDriver(), counting);
  t.teardown(() => driver.close());
  return Promise.resolve(driver);
});

test.after('each span that began has ended, once', (t) => {
  t.true(counts.begun > 100);
  t.is(counts.ended, counts.begun);
});
