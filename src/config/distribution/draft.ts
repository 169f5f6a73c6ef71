/** Runs one row after the other, and keeps what they have found. */
import {type Fault, once, type Origin} from '../fault.ts';
import {getAt} from '../tree.ts';
import {parseGoDuration} from './duration.ts';
import type {Overlaid} from './overlay.ts';
import type {Draft, Row} from './row.ts';

/** A setting and its value, as one would write it into holdfast.yaml. */
interface Translated {
  readonly setting: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** The file whose key is to sign tokens. */
export interface NamedKey {
  readonly path: string;
  /** The variable that says so. */
  readonly variable: string;
}

export interface Findings {
  readonly settings: readonly Translated[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly signingKey?: NamedKey;
}

type Around = Pick<Overlaid, 'tree' | 'tokenServer' | 'originOf'> & {
  readonly isDecided: (setting: string) => boolean;
};

export function applyRows(rows: readonly Row[], around: Around): Findings {
  const found = rows
    .filter(({settings = []}) => settings.length === 0 || !settings.every(around.isDecided))
    .map((row) => applyRow(row, around));
  const signingKey = found.map((each) => each.signingKey).find((key) => key !== undefined);
  return {
    settings: found.flatMap(({settings}) => settings),
    faults: once(found.flatMap(({faults}) => faults)),
    warnings: once(found.flatMap(({warnings}) => warnings)),
    ...(signingKey === undefined ? {} : {signingKey}),
  };
}

function applyRow({translate}: Row, around: Around): Findings {
  const settings: Translated[] = [];
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  let signingKey: NamedKey | undefined;
  const {tree, tokenServer, originOf, isDecided} = around;

  const value: Draft['value'] = (key) =>
    tokenServer.get(key) ?? getAt(tree, key.split('.')) ?? undefined;
  const fault: Draft['fault'] = (key, message) => {
    faults.push({path: key, message, origin: originOf(key)});
  };
  translate?.({
    value,
    fault,
    isDecided,
    text: (key) => {
      const text = value(key);
      if (text === undefined || text === '') return undefined;
      if (typeof text === 'string') return text;
      if (typeof text === 'number') return String(text);
      fault(key, 'must be text');
      return undefined;
    },
    flag: (key) => {
      const flag = value(key);
      if (flag === undefined || typeof flag === 'boolean') return flag;
      fault(key, 'must be true or false');
      return undefined;
    },
    duration: (key) => {
      const text = value(key);
      const duration = parseGoDuration(text);
      if (text !== undefined && duration === undefined) {
        fault(key, 'must be a duration such as 30s, 1m30s or 168h');
      }
      return duration;
    },
    set: (setting, written, key) => {
      if (!isDecided(setting)) settings.push({setting, value: written, origin: originOf(key)});
    },
    signWith: (path, variable) => {
      signingKey = {path, variable};
    },
    warn: (key, message) => {
      warnings.push({path: key, message, origin: originOf(key)});
    },
  });
  return {settings, faults, warnings, ...(signingKey === undefined ? {} : {signingKey})};
}
