/** All that can be measured on this machine. */
import {distribution} from './distribution.ts';
import {holdfast} from './holdfast.ts';
import {nullTarget} from './null.ts';
import type {Target} from './target.ts';

export async function findTargets(): Promise<readonly Target[]> {
  return [
    await holdfast(),
    distribution({
      name: 'docker-registry',
      title: 'docker-registry 2.8.2',
      program: 'docker-registry',
    }),
    nullTarget,
  ];
}
