// Who sits at the terminal.
import { userInfo } from 'node:os';

/** The user's login name; `local` where the machine knows none, as in a container. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}
