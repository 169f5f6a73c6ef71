/** What is sent to each route of the API: everybody asks for what was made for him (api-objects.ts). */
import {imageOf} from '../../support/content.ts';
import {objectsOf} from './api-objects.ts';
import {type Fill, type Filling, json, nothing, type Sender} from './filling.ts';

const at = (parameters: Readonly<Record<string, string>>, more: Filling = {}): Filling => ({
  parameters,
  ...more,
});

const repository = ({caller}: Sender) => ({parameters: {id: `private~doomed-${caller}`}});
const tag = ({caller}: Sender, tag_id: string) => ({
  parameters: {id: `private~doomed-${caller}`, tag_id},
});
const doomedImage = ({caller}: Sender) =>
  imageOf([], {annotations: {name: `private/doomed-${caller}`}}).digest;

export const ofApi: Fill<Sender> = {
  'POST setup': () => json({code: 'AAAAA-AAAAA', username: 'second', password: 'a second admin'}),
  'GET session': nothing,
  'POST session-begin': () => json({}),
  'DELETE session-end': nothing,
  'GET api-ping': nothing,
  'GET api-version': nothing,
  'GET api-health': nothing,
  'GET users-list': nothing,
  'GET users-show': ({login}) => at({id: login?.username ?? 'admin'}),
  'POST users-create': ({caller}) => json({username: `new-${caller}`, password: 'a new password'}),
  'PUT users-update': ({caller}) =>
    at({id: objectsOf(caller).user}, json({user: {display_name: 'changed'}})),
  'DELETE users-delete': ({caller}) => at({id: objectsOf(caller).doomedUser}),
  'POST users-bootstrap': () => json({username: 'second', password: 'a second admin'}),
  'GET tokens-list': ({caller}) => at({id: objectsOf(caller).user}),
  'POST tokens-create': ({caller}) => at({id: objectsOf(caller).user}, json({application: 'new'})),
  'DELETE tokens-delete': ({caller}) => at({id: objectsOf(caller).doomedToken}),
  'GET teams-list': nothing,
  'POST teams-create': ({caller}) => json({name: `new team of ${caller}`}),
  'GET teams-show': ({caller}) => at({id: objectsOf(caller).team}),
  'PUT teams-update': ({caller}) =>
    at({id: objectsOf(caller).team}, json({team: {description: 'changed'}})),
  'DELETE teams-delete': ({caller}) => at({id: objectsOf(caller).doomedTeam}),
  'POST teams-ldap-check': ({caller}) => at({id: objectsOf(caller).team}),
  'GET members-list': ({caller}) => at({id: objectsOf(caller).team}),
  'GET members-show': ({caller}) => {
    const {team, member} = objectsOf(caller);
    return at({id: team, member_id: member});
  },
  'POST members-add': ({caller}) => {
    const {team, user} = objectsOf(caller);
    return at({id: team}, json({user, role: 'viewer'}));
  },
  'PUT members-update': ({caller}) => {
    const {team, member} = objectsOf(caller);
    return at({id: team, member_id: member}, json({role: 'contributor'}));
  },
  'DELETE members-remove': ({caller}) => {
    const {team, doomedMember} = objectsOf(caller);
    return at({id: team, member_id: doomedMember});
  },
  'GET namespaces-list': nothing,
  'GET team-namespaces': ({caller}) => at({id: objectsOf(caller).team}),
  'GET namespaces-validate': () => ({query: '?name=free'}),
  'POST namespaces-create': ({caller}) =>
    json({name: `new-space-of-${caller}`, team: objectsOf(caller).team}),
  'GET namespaces-show': () => at({id: 'private'}),
  'PUT namespaces-update': ({caller}) =>
    at({id: objectsOf(caller).namespace}, json({namespace: {visibility: 'public'}})),
  'DELETE namespaces-delete': ({caller}) => at({id: objectsOf(caller).doomedNamespace}),
  'GET robots-list': nothing,
  'POST robots-create': ({caller}) =>
    json({username: `new-robot-of-${caller}`, team: objectsOf(caller).team, role: 'viewer'}),
  'GET robots-show': ({caller}) => at({id: objectsOf(caller).robot}),
  'DELETE robots-delete': ({caller}) => at({id: objectsOf(caller).doomedRobot}),
  'GET registries-list': nothing,
  'GET registries-show': () => at({id: 'this'}),
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
  'GET tags-list-all': nothing,
  'GET tag-show': ({caller}) => ({parameters: {id: `private~doomed-${caller}:kept`}}),
  'DELETE tags-delete': (sender) => tag(sender, 'doomed'),
  'DELETE tag-delete': ({caller}) => ({parameters: {id: `private~doomed-${caller}:doomed-too`}}),
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
  'GET repository-days': repository,
  'GET api-openapi': nothing,
  'GET api-docs': nothing,
};
