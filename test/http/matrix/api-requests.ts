/** What is sent to each route of the API: everybody asks for what was made for him (api-objects.ts). */
import {imageOf, strangeDigest} from '../../support/content.ts';
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
const manifest = (sender: Sender) => ({
  parameters: {id: `private~doomed-${sender.caller}`, digest: doomedImage(sender)},
});
const doomedImage = ({caller}: Sender) =>
  imageOf([], {annotations: {name: `private/doomed-${caller}`}}).digest;

export const ofApi: Fill<Sender> = {
  'GET connection': nothing,
  'GET connection-ca': nothing,
  'POST setup': () => json({code: 'AAAAA-AAAAA', username: 'second', password: 'a second admin'}),
  'POST setup-claim': () => json({code: 'AAAAA-AAAAA'}),
  'GET session': nothing,
  'POST session-begin': () => json({}),
  'POST sign-up': ({caller}) => json({username: `new-${caller}`, password: 'a new password'}),
  'DELETE session-end': nothing,
  'GET api-ping': nothing,
  'GET api-version': nothing,
  'GET api-health': nothing,
  'GET users-list': nothing,
  'GET users-names': () => ({query: '?q=user-of'}),
  'GET users-show': ({login}) => at({id: login?.username ?? 'admin'}),
  'POST users-create': ({caller}) => json({username: `new-${caller}`, password: 'a new password'}),
  'PUT users-update': ({caller}) =>
    at({id: objectsOf(caller).user}, json({user: {display_name: 'changed'}})),
  'DELETE users-delete': ({caller}) => at({id: objectsOf(caller).doomedUser}),
  'DELETE users-unlock': ({caller}) => at({id: objectsOf(caller).user}),
  'POST users-bootstrap': () => json({username: 'second', password: 'a second admin'}),
  'GET tokens-list': ({caller}) => at({id: objectsOf(caller).user}),
  'POST tokens-create': ({caller}) => at({id: objectsOf(caller).user}, json({application: 'new'})),
  'DELETE tokens-delete': ({caller}) => at({id: objectsOf(caller).doomedToken}),
  'GET sessions-list': ({caller}) => at({id: objectsOf(caller).user}),
  'DELETE sessions-end-all': ({caller}) => at({id: objectsOf(caller).member}),
  'DELETE sessions-end': ({caller}) => {
    const {user, doomedSession} = objectsOf(caller);
    return at({id: user, session_id: doomedSession});
  },
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
  'GET namespace-delete-preview': ({caller}) => at({id: objectsOf(caller).namespace}),
  'GET robots-list': nothing,
  'POST robots-create': ({caller}) =>
    json({username: `new-robot-of-${caller}`, team: objectsOf(caller).team, role: 'viewer'}),
  'GET robots-show': ({caller}) => at({id: objectsOf(caller).robot}),
  'PUT robots-update': ({caller}) => at({id: objectsOf(caller).robot}, json({role: 'contributor'})),
  'DELETE robots-delete': ({caller}) => at({id: objectsOf(caller).doomedRobot}),
  'GET webhooks-list': ({caller}) => at({id: objectsOf(caller).namespace}),
  'POST webhooks-create': ({caller}) =>
    at({id: objectsOf(caller).namespace}, json({name: 'new', url: 'https://ci.example.org/'})),
  'GET webhooks-show': ({caller}) => at({id: objectsOf(caller).webhook}),
  'PUT webhooks-update': ({caller}) => at({id: objectsOf(caller).webhook}, json({name: 'changed'})),
  'DELETE webhooks-delete': ({caller}) => at({id: objectsOf(caller).doomedWebhook}),
  'POST webhooks-test': ({caller}) => at({id: objectsOf(caller).webhook}),
  'GET deliveries-list': ({caller}) => at({id: objectsOf(caller).webhook}),
  'GET deliveries-show': ({caller}) => {
    const {webhook: id, delivery: delivery_id} = objectsOf(caller);
    return at({id, delivery_id});
  },
  'POST deliveries-resend': ({caller}) => {
    const {webhook: id, delivery: delivery_id} = objectsOf(caller);
    return at({id, delivery_id});
  },
  'GET certificates': nothing,
  'GET configuration': nothing,
  'GET index-show': nothing,
  // It would be in the way of the deletes that are asked for at the same time.
  'POST index-reindex': () => ({query: '?no=such'}),
  'GET node': nothing,
  'POST ldap-test': () => json({}),
  'POST keystone-test': () => json({}),
  'POST oidc-test': () => json({}),
  'GET explain': () => ({query: '?repository=private/kept&action=pull'}),
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
  'GET manifest-show': manifest,
  'GET manifest-raw': manifest,
  'GET manifest-configuration': manifest,
  'GET referrers-tree': manifest,
  'GET manifest-remove-preview': manifest,
  'DELETE manifest-remove': ({caller}) => ({
    parameters: {id: `private~doomed-${caller}`, digest: strangeDigest},
  }),
  'GET files-list': manifest,
  'GET file-show': (sender) => ({...manifest(sender), query: '?path=/'}),
  'GET compare': (sender) => ({...repository(sender), query: '?from=kept&to=kept'}),
  'GET compare-files': (sender) => ({...repository(sender), query: '?from=kept&to=kept'}),
  'POST tags-delete-preview': (sender) => ({...repository(sender), ...json({tags: ['kept']})}),
  'GET repository-delete-preview': repository,
  'GET search': () => ({query: '?q=private'}),
  'GET statistics-storage': nothing,
  'GET statistics-days': nothing,
  'GET repository-days': repository,
  'GET events-live': nothing,
  'GET events-past': nothing,
  'GET activities-list': nothing,
  'GET activities-verification': nothing,
  'GET api-openapi': nothing,
  'GET api-docs': nothing,
};
