/** What a run leaves behind, as it stands in its JSON file. */
import {z} from 'zod';

/** A row of the table: what is told about each target. */
const metric = z.strictObject({
  name: z.string(),
  unit: z.enum(['MiB/s', 'requests/s', 'lists/s', 'ms', 's', 'MiB', 'times', 'calls']),
  better: z.enum(['more', 'less']),
  /** One of the few that the picture shows. */
  chart: z.boolean().optional(),
});

const sample = z.strictObject({
  values: z.record(z.string(), z.number()),
  cpuSeconds: z.number().optional(),
  peakBytes: z.number().optional(),
  clientCpuSeconds: z.number().optional(),
});

const measurement = z.strictObject({
  id: z.string(),
  group: z.string(),
  title: z.string(),
  metrics: z.array(metric),
  /** The name of the target that the others are compared with, where it is not the usual one. */
  yardstick: z.string().optional(),
  /** By the name of the target. */
  samples: z.record(z.string(), z.array(sample)),
  /** Why a target has none. */
  missing: z.record(z.string(), z.string()),
});

const limit = z.strictObject({
  title: z.string(),
  unit: z.string(),
  median: z.number(),
  least: z.number(),
  most: z.number(),
});

export const resultsSchema = z.strictObject({
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  quick: z.boolean(),
  machine: z.record(z.string(), z.string()),
  targets: z.array(z.strictObject({name: z.string(), title: z.string(), isNull: z.boolean()})),
  measurements: z.array(measurement),
  limits: z.array(limit),
});

export type Metric = z.infer<typeof metric>;
export type Sample = z.infer<typeof sample>;
export type Measured = z.infer<typeof measurement>;
export type Results = z.infer<typeof resultsSchema>;
export type Limit = z.infer<typeof limit>;
