/** Distribution's `log`. */
import type {Row} from './row.ts';

const formats: Readonly<Record<string, string>> = {text: 'pretty', json: 'json', logstash: 'json'};

export const logRows: readonly Row[] = [
  {
    keys: ['log.level', 'loglevel'],
    becomes: '`log.level`.',
    settings: ['log.level'],
    translate: (draft) => {
      for (const key of ['log.level', 'loglevel']) {
        const level = draft.text(key);
        if (level === undefined) continue;
        draft.set('log.level', level.toLowerCase(), key);
        return;
      }
    },
  },
  {
    keys: ['log.formatter'],
    becomes: '`log.format`: `text` is `pretty`, `json` and `logstash` are `json`.',
    settings: ['log.format'],
    translate: (draft) => {
      const formatter = draft.text('log.formatter');
      if (formatter === undefined) return;
      const format = Object.hasOwn(formats, formatter) ? formats[formatter] : undefined;
      if (format === undefined) draft.fault('log.formatter', 'must be one of text, json, logstash');
      else draft.set('log.format', format, 'log.formatter');
    },
  },
  {
    keys: ['log.hooks'],
    becomes: 'Lost, with a warning.',
    translate: (draft) => {
      if (draft.value('log.hooks') === undefined) return;
      draft.warn('log.hooks', 'nobody is sent mail for lines of the log: let an alarm do it');
    },
  },
  {
    keys: ['log.fields', 'log.accesslog.*'],
    becomes: 'Nothing: requests are in the log from `info` on.',
  },
];
