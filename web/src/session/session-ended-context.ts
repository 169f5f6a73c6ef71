import {createContext} from 'react';
import {SessionEnded} from './session-ended.ts';

export const SessionEndedContext = createContext(new SessionEnded());
