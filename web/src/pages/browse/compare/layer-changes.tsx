/** Which layers both have, and which one alone. */
import {Code, List, Text} from '@mantine/core';
import {formatBytes} from '../../../parts/numbers.ts';
import {Section} from '../../../parts/section.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import type {Comparison} from '../types.ts';

type Layers = Comparison['layers'];

const kinds = ['only_from', 'only_to', 'common'] as const;

export function LayerChanges({layers}: {readonly layers: Layers}) {
  return (
    <Section title={t('browse.manifest.tabs.layers')}>
      {kinds.map((kind) => {
        const some = layers[kind];
        const size = formatBytes(some.reduce((sum, layer) => sum + layer.size, 0));
        return (
          <div key={kind}>
            <Text size="sm" fw={600}>
              {t(`browse.compare.layers.${kind}`, {count: some.length, size})}
            </Text>
            <List size="sm" mt={4}>
              {some.map((layer, index) => (
                <List.Item key={index} className="wraps">
                  <Code title={layer.digest}>{shortDigest(layer.digest)}</Code>{' '}
                  {formatBytes(layer.size)} {layer.created_by}
                </List.Item>
              ))}
            </List>
          </div>
        );
      })}
    </Section>
  );
}
