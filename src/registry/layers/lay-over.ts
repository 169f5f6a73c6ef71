/** Lays a layer over what is below it, as whoever unpacks an image does. */
import {setImmediate as rest} from 'node:timers/promises';
import {linkContent} from './link-content.ts';
import {partsOf} from './path-parts.ts';
import type {Tree} from './tree.ts';

/** So many nodes without a pause: the thread answers others, too. */
const stride = 20_000;

/** `number`: that of the layer in its image, from the lowest. */
export async function layOver(image: Tree, layer: Tree, number: number): Promise<void> {
  await deleteHidden(image, layer);
  const places = new Int32Array(layer.count);
  const links: number[] = [];
  for (let node = 0; node < layer.count; node += 1) {
    if (node % stride === stride - 1) await rest();
    const parent = node === layer.root ? undefined : (places[layer.parent(node)] ?? 0);
    if (!layer.isThere(node)) continue;
    const place = parent === undefined ? image.root : image.make(parent, layer.name(node));
    places[node] = place;
    const isDirectory = layer.kind(node) === 'directory';
    if (layer.isImplied(node) && isDirectory && image.isThere(place)) {
      const found = directoryAt(image, place);
      if (found !== undefined) {
        places[node] = found;
        continue;
      }
    }
    if (!isDirectory) image.removeBelow(place);
    const entry = layer.read(node);
    const {content} = entry;
    image.write(
      place,
      {...entry, layer: number, content: content && {...content, layer: number}},
      layer.isImplied(node),
    );
    if (entry.kind === 'hardlink' && !content) links.push(place);
  }
  // The file may lie in a layer below.
  for (const link of links) linkContent(image, link);
}

async function deleteHidden(image: Tree, layer: Tree): Promise<void> {
  for (let node = 0; node < layer.count; node += 1) {
    if (node % stride === stride - 1) await rest();
    if (!layer.isHiding(node) && !layer.isOpaque(node)) continue;
    const found = image.find(partsOf(layer.path(node)));
    if (found === undefined) continue;
    if (layer.isHiding(node)) image.remove(found);
    else image.removeBelow(found);
  }
}

/** Links that are followed, so that a circle ends. */
const mostLinks = 8;

/** Names go through a link to a directory that is there already, as `lib/x` does where `lib` leads to `usr/lib`. */
function directoryAt(image: Tree, node: number): number | undefined {
  let found: number | undefined = node;
  for (let links = 0; links < mostLinks && found !== undefined; links += 1) {
    const kind = image.kind(found);
    if (kind === 'directory') return found;
    if (kind !== 'symlink') return undefined;
    const target = image.read(found).target ?? '';
    const from = target.startsWith('/') ? '' : image.path(image.parent(found));
    found = image.find(partsOf(`${from}/${target}`));
  }
  return undefined;
}
