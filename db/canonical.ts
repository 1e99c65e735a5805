/** Canonical JSON (RFC 8785): the same value always gives the same text, whatever the order of its keys. */
import canonicalizeModule from 'canonicalize';

/** The canonical text of a JSON value. */
// The package is CommonJS with types written for ES modules: what arrives is the function itself.
export const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;
