/** Words that stand in tables and in answers alike. */

/** In a team, each may what the one before it may. */
export const roles = ['viewer', 'contributor', 'owner'] as const;
export type Role = (typeof roles)[number];

/** Who may pull without belonging to the team: nobody, everybody who has logged in, everybody. */
export const visibilities = ['private', 'protected', 'public'] as const;
export type Visibility = (typeof visibilities)[number];
