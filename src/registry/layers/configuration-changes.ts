/** What two images say differently of how they are to be run, and of themselves. */
import type {ImageDetails} from '../image-details.ts';
import type {ManifestDetails} from '../tag-details.ts';

export const fields = [
  'os',
  'architecture',
  'variant',
  'author',
  'user',
  'working_dir',
  'stop_signal',
  'entrypoint',
  'cmd',
  'env',
  'exposed_ports',
  'volumes',
  'labels',
  'annotations',
] as const;

export interface ConfigurationChange {
  readonly field: (typeof fields)[number];
  /** Of what has several: a variable, a label, a port. */
  readonly key: string | undefined;
  /** Absent: it is not there. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

type Told = ReadonlyMap<string | undefined, string>;

export const configurationChanges = (
  from: ManifestDetails,
  to: ManifestDetails,
): readonly ConfigurationChange[] =>
  fields.flatMap((field) => {
    const [before, after] = [told(from, field), told(to, field)];
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((key) => ({field, key, from: before.get(key), to: after.get(key)}))
      .filter((each) => each.from !== each.to);
  });

function told({image, annotations}: ManifestDetails, field: ConfigurationChange['field']): Told {
  if (field === 'annotations') return new Map(Object.entries(annotations));
  return image ? toldBy(image, field) : new Map();
}

function toldBy(
  image: ImageDetails,
  field: Exclude<ConfigurationChange['field'], 'annotations'>,
): Told {
  switch (field) {
    case 'os':
    case 'architecture':
    case 'variant':
    case 'author':
    case 'user':
      return single(image[field]);
    case 'working_dir':
      return single(image.workingDirectory);
    case 'stop_signal':
      return single(image.stopSignal);
    case 'entrypoint':
    case 'cmd':
      return single(image[field].length > 0 ? JSON.stringify(image[field]) : undefined);
    case 'env':
      return new Map(image.env.map(variable));
    case 'exposed_ports':
      return named(image.ports);
    case 'volumes':
      return named(image.volumes);
    case 'labels':
      return new Map(Object.entries(image.labels));
  }
}

/** Empty is as good as not there. */
const single = (text: string | undefined): Told =>
  text === undefined || text === '' ? new Map() : new Map([[undefined, text]]);

const named = (names: readonly string[]): Told => new Map(names.map((name) => [name, name]));

function variable(text: string): readonly [string, string] {
  const sign = text.indexOf('=');
  return sign === -1 ? [text, ''] : [text.slice(0, sign), text.slice(sign + 1)];
}
