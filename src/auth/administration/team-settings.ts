/** Operations on what is said of a team, and on who decides who is in it. */
import {z} from 'zod';
import {findNamesake, updateTeam} from '../../metadata/teams.ts';
import {AdministrationError} from './administration-error.ts';
import {anyTeamName, line, teamName} from './fields.ts';
import {requireTeam} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {change} from './operation.ts';
import {ownsTeam} from './ownership.ts';
import {managing, ofTeam, teamAnswer, toTeamAnswer} from './teams.ts';

const mayManage = ownsTeam('manageTeams');

/** Whether groups of a directory decide who is in it. What they have made stays, until it is on again and a login says otherwise. */
export const setTeamSync = change(
  'team set-sync',
  {
    input: z.strictObject({name: anyTeamName, isSynced: z.boolean()}),
    output: teamAnswer,
    isOwn: async (account, {name}, context) => mayManage(context, account, name),
    denial: managing,
    records: {
      key: 'team.change_sync',
      about: ofTeam,
      details: ({isSynced}) => ({synced: isSynced}),
    },
  },
  async ({db}, {name, isSynced}) => {
    const team = await requireTeam(db, name);
    if ((await updateTeam(db, {id: team.id, isSynced})) === 'unknown')
      throw new UnknownName('team', name);
    return toTeamAnswer({...team, isSynced});
  },
);

export const changeTeam = change(
  'team change',
  {
    input: z.strictObject({
      name: anyTeamName,
      /** A new one; absent: as it is. */
      newName: teamName.optional(),
      description: line(1000).optional(),
    }),
    output: teamAnswer,
    isOwn: async (account, {name}, context) => mayManage(context, account, name),
    denial: managing,
    records: {
      key: ({newName}) =>
        newName === undefined ? 'team.change_team_description' : 'team.change_team_name',
      about: ofTeam,
      details: ({name, newName, description}, {team}) => ({
        ...(newName === undefined ? {} : {old_name: name, new_name: newName}),
        ...(description === undefined ? {} : {description, former: team?.description}),
      }),
    },
  },
  async ({db}, {name, newName, description}) => {
    const team = await requireTeam(db, name);
    const namesake = newName === undefined ? undefined : await findNamesake(db, newName);
    if (namesake !== undefined && namesake !== name) throw taken(namesake);
    const outcome = await updateTeam(db, {id: team.id, name: newName, description});
    if (outcome === 'unknown') throw new UnknownName('team', name);
    if (outcome === 'taken') throw taken(newName ?? name);
    if (outcome === 'personal') {
      throw new AdministrationError('refused', 'a personal team has the name of its user');
    }
    return toTeamAnswer({
      ...team,
      name: newName ?? team.name,
      description: description ?? team.description,
    });
  },
);

const taken = (name: string): AdministrationError =>
  new AdministrationError('taken', [
    {field: 'name', message: `is taken: there is a team ${name} already`},
  ]);
