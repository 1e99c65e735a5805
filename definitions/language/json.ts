/** Plain JSON: the only kind of value that forms, outputs, events and state may hold, so that nothing is lost on the way through storage. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
/** A JSON object; a key that is absent and a key that is undefined mean the same. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** One fault in what somebody sent: where (a JSON Pointer into the body, `/form/copies`) and what to mend, in Chinese. */
export interface Fault {
  path: string;
  message: string;
}
