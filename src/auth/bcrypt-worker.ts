/** The thread that checks passwords against bcrypt hashes, one after the other. */
import {compareSync} from 'bcryptjs';
import {answerRequests} from '../host/answer-requests.ts';
import type {BcryptExchange} from './bcrypt-thread.ts';

answerRequests<BcryptExchange>(({password, hash}) => compareSync(password, hash));
