/** What parameters of the API have in common. */
import {z} from 'zod';

export const idText = z.string().min(1).max(256);

export const idParam = (description: string) => z.strictObject({id: idText.describe(description)});
