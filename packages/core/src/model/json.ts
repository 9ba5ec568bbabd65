/** What JSON can say. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | Readonly<{ [field: string]: JsonValue }>;

/** The most lists and objects within one another. */
export const JSON_DEPTH_MAX = 8;
