/** Why the server did not answer what it was asked. */
export type ApiError =
  /** Nobody waits for the answer any more. */
  | Readonly<{ kind: 'Aborted' }>
  /** No answer came. */
  | Readonly<{ kind: 'Unreachable' }>
  /** The server does not know the token, or no longer. */
  | Readonly<{ kind: 'TokenUnknown' }>
  /** The token may not read. */
  | Readonly<{ kind: 'TokenForbidden' }>
  /** The server says why it could not; `errorType` and `message` are its words. */
  | Readonly<{ kind: 'Refused'; status: number; errorType: string; message: string }>;
