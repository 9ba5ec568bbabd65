/** A promise that was not kept, and where it shows. */
export type Violation = Readonly<{ promise: string; detail: unknown }>;
