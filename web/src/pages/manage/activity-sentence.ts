/** What somebody did, as a sentence. */
import type {Activity} from '../../api/types.ts';
import english from '../../texts/english.json';
import {t} from '../../texts/texts.ts';

const {sentences} = english.manage.activities;
type Known = keyof typeof sentences;

const isKnown = (key: string): key is Known => Object.hasOwn(sentences, key);

/** Of a key that nobody has a sentence for: the key itself. */
export function sentenceOf(activity: Activity): string {
  const {key, subject} = activity;
  const known = key.replaceAll('.', '_');
  const actor = actorOf(activity);
  if (!isKnown(known)) return t('manage.activities.unknown', {actor, key, subject});
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(activity.parameters)) values[name] = wordsOf(value);
  return t(`manage.activities.sentences.${known}`, {
    ...values,
    actor,
    subject,
    namespace: activity.namespace ?? '',
    repository: activity.repository ?? '',
  });
}

export function actorOf({actor, actor_kind: kind}: Activity): string {
  switch (kind) {
    case 'system':
      return t('manage.activities.system');
    case 'operator':
      return t('manage.activities.operator', {name: actor ?? ''});
    case 'anonymous':
      return t('manage.activities.anonymous');
    default:
      return actor ?? t('manage.activities.somebody');
  }
}

const wordsOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.map(wordsOf).join(', ')
      : JSON.stringify(value);
