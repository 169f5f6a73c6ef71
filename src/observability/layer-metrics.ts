/** What Prometheus can ask about the layers that people look into. */
import {Counter, type Registry} from 'prom-client';

const outcomes = ['read', 'refused', 'failed'] as const;

export interface LayerMetrics {
  readonly read: (layer: {
    readonly outcome: (typeof outcomes)[number];
    readonly ms: number;
    readonly bytes: number;
  }) => void;
}

/** Each series is there from the start, at 0: from nothing to 1 would be no increase. */
export function createLayerMetrics(registry: Registry): LayerMetrics {
  const registers = [registry];
  const layers = new Counter({
    name: 'holdfast_layers_read_total',
    help: `Layers that were read because somebody looked for files in them, by outcome: ${outcomes.join(', ')} (the storage did not answer).`,
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of outcomes) layers.inc({outcome}, 0);
  const seconds = new Counter({
    name: 'holdfast_layers_read_seconds_total',
    help: 'How long that took.',
    registers,
  });
  const bytes = new Counter({
    name: 'holdfast_layers_read_bytes_total',
    help: 'How many bytes of them were read, as they are stored.',
    registers,
  });
  return {
    read: (layer) => {
      layers.inc({outcome: layer.outcome});
      seconds.inc(layer.ms / 1000);
      bytes.inc(layer.bytes);
    },
  };
}
