/** A driver whose verbs are spans of the request that calls them. */
import {type Spans, within} from '../observability/tracing.ts';
import type {ListEntry, ObjectWriter, StorageDriver} from './driver.ts';

export function tracedDriver(driver: StorageDriver, spans: Spans): StorageDriver {
  const spanOf = (verb: string, key: string) => ({
    name: `storage ${verb}`,
    attributes: {'holdfast.storage.driver': driver.name, 'holdfast.storage.key': key},
  });
  const traced = async <T>(verb: string, key: string, work: () => Promise<T>): Promise<T> =>
    within(spans, spanOf(verb, key), work);

  async function* list(
    ...[prefix, options]: Parameters<StorageDriver['list']>
  ): AsyncGenerator<ListEntry, void, undefined> {
    const {name, attributes} = spanOf('list', prefix);
    const end = spans.begin(name, attributes);
    let failure: unknown;
    try {
      yield* driver.list(prefix, options);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      end(failure);
    }
  }

  const writer = (key: string, {append, publish, abandon}: Bound): ObjectWriter => ({
    append: async (...given) => traced('append', key, async () => append(...given)),
    publish: async () => traced('publish', key, publish),
    abandon,
  });

  const prefixVersion = driver.prefixVersion?.bind(driver);
  const space = driver.space?.bind(driver);
  const localPath = driver.localPath?.bind(driver);
  return {
    name: driver.name,
    stat: async (key) => traced('stat', key, async () => driver.stat(key)),
    read: async (key) => traced('read', key, async () => driver.read(key)),
    // Until the last byte was read.
    openRead: async (key, range) => {
      const {name, attributes} = spanOf('openRead', key);
      const end = spans.begin(name, attributes);
      try {
        const stream = await driver.openRead(key, range);
        if (!stream) end();
        stream?.once('close', () => {
          end(stream.errored ?? undefined);
        });
        return stream;
      } catch (error) {
        end(error);
        throw error;
      }
    },
    create: async (key, content) => traced('create', key, async () => driver.create(key, content)),
    createStream: async (key, ...given) =>
      traced('createStream', key, async () => driver.createStream(key, ...given)),
    openWriter: async (key) =>
      writer(key, bound(await traced('openWriter', key, async () => driver.openWriter(key)))),
    adopt: async (key) => traced('adopt', key, async () => driver.adopt(key)),
    replace: async (key, content) =>
      traced('replace', key, async () => driver.replace(key, content)),
    promote: async (from, to) => traced('promote', to, async () => driver.promote(from, to)),
    touch: async (key) => traced('touch', key, async () => driver.touch(key)),
    delete: async (key) => traced('delete', key, async () => driver.delete(key)),
    deletePrefix: async (prefix) =>
      traced('deletePrefix', prefix, async () => driver.deletePrefix(prefix)),
    list,
    ...(prefixVersion && {prefixVersion}),
    ...(space && {space}),
    ...(localPath && {localPath}),
    check: async () => driver.check(),
    close: async () => driver.close(),
  };
}

type Bound = Pick<ObjectWriter, 'append' | 'publish' | 'abandon'>;

const bound = (writer: ObjectWriter): Bound => ({
  append: async (...given) => writer.append(...given),
  publish: async () => writer.publish(),
  abandon: async () => writer.abandon(),
});
