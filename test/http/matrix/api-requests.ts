/** What is sent to each route of the API. */
import {type Fill, json, nothing, type Sender} from './filling.ts';

export const ofApi: Fill<Sender> = {
  'POST setup': () => json({code: 'AAAAA-AAAAA', username: 'second', password: 'a second admin'}),
  'POST sign-up': ({caller}) => json({username: `new-${caller}`, password: 'a new password'}),
  'GET session': nothing,
  'POST session': () => json({}),
  'DELETE session': nothing,
  'GET api-ping': nothing,
  'GET api-version': nothing,
  'GET users-list': nothing,
  'GET users-show': ({caller, login}) => ({
    parameters: {id: caller === 'foreign' ? 'owner' : (login?.username ?? 'admin')},
  }),
  'GET api-openapi': nothing,
};
