import type { ApiError } from './api-error.ts';

/** An error in words: what happened, and what to do about it. */
export type Explanation = Readonly<{ title: string; advice: string }>;

/** Says what happened, and what to do about it. */
export function explain(error: ApiError): Explanation {
  switch (error.kind) {
    case 'Aborted':
      return { title: 'That was interrupted', advice: 'Try again.' };
    case 'Unreachable':
      return { title: 'The server does not answer', advice: 'Is it running? It is asked again by itself.' };
    case 'TokenUnknown':
      return {
        title: 'The server does not know this token',
        advice: 'Look it up in the tokens file. A token that was printed is good until the server ends.',
      };
    case 'TokenForbidden':
      return {
        title: 'This token may not read',
        advice: 'Give it the scope READ:PRODUCT in the tokens file, and start the server again.',
      };
    case 'Refused':
      return { title: titleOf(error.status), advice: `${error.message} (${error.errorType})` };
  }
}

function titleOf(status: number): string {
  if (status === 503) return 'The ledger cannot be read now';
  return status >= 500 ? 'The server could not do it' : 'The server refused it';
}
