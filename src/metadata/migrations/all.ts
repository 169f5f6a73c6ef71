/** Every migration, by its name; they run in the order of the names. One that was released is never changed. */
import type {Clock} from '../../host/clock.ts';
import type {Migrations} from '../migrate.ts';
import type {Visibility} from '../words.ts';
import {accounts} from './0001-accounts.ts';
import {providers} from './0002-providers.ts';
import {sessions} from './0003-sessions.ts';
import {content} from './0004-content.ts';
import {imported} from './0005-imported.ts';
import {manifestWords} from './0006-manifest-words.ts';
import {loweredDescriptions} from './0007-lowered-descriptions.ts';
import {events} from './0008-events.ts';
import {activities} from './0009-activities.ts';
import {sessionPlaces} from './0010-session-places.ts';
import {indexTurns} from './0011-index-turns.ts';
import {removals} from './0012-removals.ts';

export interface MigrationContext {
  readonly now: Clock;
  /** Of the root namespace, when it is made. */
  readonly rootVisibility: Visibility;
}

export const allMigrations = (context: MigrationContext): Migrations => ({
  '0001-accounts': accounts(context),
  '0002-providers': providers,
  '0003-sessions': sessions,
  '0004-content': content,
  '0005-imported': imported,
  '0006-manifest-words': manifestWords,
  '0007-lowered-descriptions': loweredDescriptions,
  '0008-events': events,
  '0009-activities': activities,
  '0010-session-places': sessionPlaces,
  '0011-index-turns': indexTurns,
  '0012-removals-additive': removals,
});
