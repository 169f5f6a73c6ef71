/** What the API answers, by name. */
import type {components} from './generated.js';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Repository = Schemas['Repository'];
export type Found = Schemas['Found'];
export type RegistryEvent = Schemas['Event'];
export type Team = Schemas['Team'];
export type Member = Schemas['Member'];
export type Role = Member['role'];
export type Namespace = Schemas['Namespace'];
export type Visibility = Namespace['visibility'];
export type Robot = Schemas['Robot'];
export type Webhook = Schemas['Webhook'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type Activity = Schemas['Activity'];
export type ActivityVerification = Schemas['ActivityVerification'];
export type User = Schemas['User'];
export type WholeUser = Schemas['WholeUser'];
export type ApplicationToken = Schemas['ApplicationToken'];
export type Health = Schemas['Health'];
export type Storage = Schemas['Storage'];
export type HeldKey = Schemas['Key'];
export type ServerConfiguration = Schemas['ServerConfiguration'];
export type IndexState = Schemas['IndexState'];
export type ProviderTest = Schemas['ProviderTest'];
export type Explanation = Schemas['Explanation'];
export type UserSession = Schemas['UserSession'];
export type Connection = Schemas['Connection'];
/** As it is answered: without what is null always. */
export type OwnUser = Omit<WholeUser, 'locked_at'>;
