/** The operation on what people say of themselves. */
import {z} from 'zod';
import {updateUser} from '../../metadata/users.ts';
import {email, line, userName} from './fields.ts';
import {requireUser} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {change} from './operation.ts';

export const changeProfile = change(
  'user profile',
  {
    input: z.strictObject({
      name: userName,
      /** Null: none any more; absent: as it is. */
      displayName: line(128).nullable().optional(),
      email: email.nullable().optional(),
    }),
    output: z.object({name: z.string()}),
    isOwn: ({name: own}, {name}) => name === own,
    denial: 'only an admin may change other accounts',
    records: {
      key: 'user.change_profile',
      about: ({name}) => ({subject: name, account: name}),
      // Which of it, and not what it was: somebody may want to be rid of an address.
      details: ({displayName, email: mail}) => ({
        display_name: displayName !== undefined,
        email: mail !== undefined,
      }),
    },
  },
  async ({db, now}, {name, ...profile}) => {
    const {id} = await requireUser(db, name);
    if (!(await updateUser(db, {...profile, id, now: now().getTime()})))
      throw new UnknownName('user', name);
    return {name};
  },
);
