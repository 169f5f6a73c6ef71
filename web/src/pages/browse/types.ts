/** What the API says of content, by name. */
import type {components} from '../../api/generated.js';

type Schemas = components['schemas'];

export type WholeRepository = Schemas['WholeRepository'];
export type Namespace = Schemas['Namespace'];
export type Tag = Schemas['Tag'];
export type TagGroup = Schemas['TagGroup'];
export type WholeTag = Schemas['WholeTag'];
export type WholeManifest = Schemas['WholeManifest'];
export type ReferrerNode = Schemas['ReferrerNode'];
export type Comment = Schemas['Comment'];
export type Activity = Schemas['Activity'];
export type Forecast = Schemas['TagsForecast'];
export type ManifestRemoval = Schemas['ManifestRemoval'];
export type RepositoryForecast = Schemas['RepositoryForecast'];
export type FileEntry = Schemas['FileEntry'];
export type FileShown = Schemas['FileContent'];
export type ChangedFile = Schemas['ChangedFile'];
export type Comparison = Schemas['Comparison'];

/** What a tag and a digest tell alike. */
export type Details = WholeTag | WholeManifest;
