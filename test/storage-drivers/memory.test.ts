import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import {storageDriverContract} from '../contract/storage-driver.ts';

storageDriverContract((t) => {
  const driver = createMemoryDriver();
  t.teardown(() => driver.close());
  return Promise.resolve(driver);
});
