/** A repository of its own for each way in which a caller asks: with something of everything, so that nobody takes it from another. */
import {
  type Api,
  config,
  type Content,
  imageOf,
  pushBlob,
  putManifest,
  randomContent,
  startUpload,
} from '../../support/content.ts';

export interface Prepared {
  readonly name: string;
  /** By the tags `kept` and `doomed`. */
  readonly image: Content;
  /** Of a blob that no manifest names. */
  readonly doomed: Content;
  /** Locations of uploads that were begun. */
  readonly uploads: Readonly<Record<'status' | 'append' | 'finish' | 'cancel', string>>;
}

/** Pushed by whoever may. */
export async function prepare(api: Api, name: string): Promise<Prepared> {
  const image = imageOf([], {annotations: {name}});
  const doomed = randomContent();
  await Promise.all([config, doomed].map(async (blob) => pushBlob(api, name, blob)));
  await putManifest(api, name, `${image.digest}?tag=kept&tag=doomed&tag=doomed-too`, image).expect(
    201,
  );
  const [status, append, finish, cancel] = await Promise.all([
    startUpload(api, name),
    startUpload(api, name),
    startUpload(api, name),
    startUpload(api, name),
  ]);
  return {name, image, doomed, uploads: {status, append, finish, cancel}};
}
