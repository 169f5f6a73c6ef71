/** set.json: what a backup is of, when it was made, and what was found. */
import {z} from 'zod';
import {BackupError} from './backup-error.ts';
import {format} from './layout.ts';
import {readIfThere} from './secret-files.ts';

const finding = z.object({
  kind: z.enum(['missing', 'damaged', 'incomplete']),
  repository: z.string(),
  /** Of what is not there, or not whole. */
  digest: z.string(),
  /** Of what names it, where that is a manifest. */
  manifest: z.string().optional(),
});
export type Finding = z.output<typeof finding>;

const figures = z.object({
  repositories: z.number(),
  tags: z.number(),
  manifests: z.number(),
  /** Blobs and manifests, each once, and their bytes. */
  blobs: z.number(),
  bytes: z.number(),
  /** What was not there from earlier sets. */
  copiedBlobs: z.number(),
  copiedBytes: z.number(),
});

/** The newest layouts are told by their number before anything else is looked at. */
const setRecord = z.object({
  format: z.literal(format),
  time: z.string(),
  ended: z.string(),
  volume: z.string(),
  version: z.string(),
  /** `none`: the bytes are elsewhere, as in a snapshot. */
  content: z.enum(['copy', 'none']),
  tables: z.array(z.object({table: z.string(), rows: z.number()})),
  figures,
  /** How many there are; the first of them are named. */
  found: z.number(),
  findings: z.array(finding),
});
export type SetRecord = z.output<typeof setRecord>;

const directoryRecord = z.object({format: z.literal(format), volume: z.string()});
export type DirectoryRecord = z.output<typeof directoryRecord>;

export const mostFindings = 1000;

export const textOfRecord = (record: SetRecord | DirectoryRecord): string =>
  `${JSON.stringify(record, undefined, 2)}\n`;

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text.toString());
    const number = z.object({format: z.number()}).safeParse(value);
    if (number.success && number.data.format > format) {
      throw new BackupError(`${path} was written by a newer version of Holdfast: use that`);
    }
    return schema.parse(value);
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(`${path} is damaged`, {cause});
  }
}

/** `undefined`: it is not there. Reject with a BackupError where they are damaged, or newer than this version. */
export const readSetRecord = async (path: string): Promise<SetRecord | undefined> =>
  read(path, setRecord);
export const readDirectoryRecord = async (path: string): Promise<DirectoryRecord | undefined> =>
  read(path, directoryRecord);
