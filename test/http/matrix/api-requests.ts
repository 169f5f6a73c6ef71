/** What is sent to each route of the API. */
import {imageOf} from '../../support/content.ts';
import {type Fill, json, nothing, type Sender} from './filling.ts';

const repository = ({caller}: Sender) => ({parameters: {id: `private~doomed-${caller}`}});
const tag = ({caller}: Sender, tag_id: string) => ({
  parameters: {id: `private~doomed-${caller}`, tag_id},
});
const doomedImage = ({caller}: Sender) =>
  imageOf([], {annotations: {name: `private/doomed-${caller}`}}).digest;

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
  'GET repositories-list': nothing,
  'GET repositories-show': repository,
  'PUT repositories-update': (sender) => ({...repository(sender), ...json({description: 'x'})}),
  'DELETE repositories-delete': ({caller}) => ({parameters: {id: `private~gone-${caller}`}}),
  'PUT stars-add': repository,
  'DELETE stars-remove': repository,
  'GET comments-list': repository,
  'POST comments-create': (sender) => ({...repository(sender), ...json({body: 'x'})}),
  'DELETE comments-delete': ({caller}) => ({
    parameters: {id: `private~doomed-${caller}`, comment_id: 'none'},
  }),
  'GET tags-list': repository,
  'GET tags-grouped': repository,
  'GET tags-show': (sender) => tag(sender, 'kept'),
  'GET tag-show': ({caller}) => ({parameters: {id: `private~doomed-${caller}:kept`}}),
  'DELETE tags-delete': (sender) => tag(sender, 'doomed'),
  'DELETE tag-delete': ({caller}) => ({parameters: {id: `private~doomed-${caller}:kept`}}),
  'POST tags-delete-several': (sender) => ({...repository(sender), ...json({tags: ['none']})}),
  'GET tag-history': (sender) => tag(sender, 'kept'),
  'POST tag-restore': (sender) => ({
    ...tag(sender, 'kept'),
    ...json({digest: doomedImage(sender)}),
  }),
  'GET deleted-tags': repository,
  'GET search': () => ({query: '?q=private'}),
  'GET statistics-storage': nothing,
  'GET statistics-days': nothing,
  'GET api-openapi': nothing,
};
