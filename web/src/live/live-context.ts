import {createContext} from 'react';
import {LiveEvents} from './live-events.ts';

export const LiveContext = createContext(new LiveEvents());
