/** Images as they are: one large layer, some of a middle size, very many small ones. */
import {type Scale, size} from '../scale.ts';

export type Shape = {
  readonly name: string;
  readonly title: string;
  readonly sizes: readonly number[];
  /** How many layers are under way at once. */
  readonly connections: number;
};

export function shapesOf({large, medium, small}: Scale): readonly Shape[] {
  return [
    {...shape(1, large), connections: 1},
    {...shape(medium.count, medium.size), connections: medium.count},
    // As many as skopeo, podman and buildah take.
    {...shape(small.count, small.size), connections: 6},
  ];
}

function shape(count: number, bytes: number): Omit<Shape, 'connections'> {
  const text = size(bytes);
  return {
    name: `${count}x${text.replace(' ', '')}`,
    title: `${count} x ${text}`,
    sizes: Array.from({length: count}, () => bytes),
  };
}
