/** The steps of a build and the layers that they made: both are lists of whoever built it, which need not fit. */
import type {Details} from '../types.ts';

export interface Step {
  /** Absent: nothing tells. */
  readonly instruction: string | undefined;
  /** Absent: it made none. */
  readonly layer: Details['layers'][number] | undefined;
}

export function stepsOf({history, layers}: Pick<Details, 'history' | 'layers'>): readonly Step[] {
  const made = history.filter(({empty_layer: isEmpty}) => !isEmpty).length;
  if (made !== layers.length) return layers.map((layer) => ({instruction: undefined, layer}));
  const left = [...layers];
  return history.map(({created_by: by, comment, empty_layer: isEmpty}) => ({
    instruction: instructionOf(by ?? comment ?? undefined),
    layer: isEmpty ? undefined : left.shift(),
  }));
}

/** As docker wrote it down before BuildKit. */
const instructionOf = (text: string | undefined): string | undefined =>
  text?.replace(/^\/bin\/sh -c #\(nop\)\s*/, '').trim();

/** What clients call a layer that is no step of a build: a file, a statement, or its type. */
export const titleOf = (layer: Step['layer']): string | undefined =>
  layer &&
  (layer.annotations['org.opencontainers.image.title'] ??
    layer.annotations['in-toto.io/predicate-type'] ??
    (isLayer.test(layer.media_type) ? undefined : layer.media_type));

const isLayer = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./;
