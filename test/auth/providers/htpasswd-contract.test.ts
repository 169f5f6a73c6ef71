import {passwordProviderContract} from '../../contract/password-provider.ts';
import {htpasswd, line} from './htpasswd-file.ts';

passwordProviderContract(async (t, passwords) => {
  const lines = Object.entries(passwords).map(([name, password]) => line(name, password));
  const {provider} = await htpasswd(t, await Promise.all(lines));
  return provider;
});
