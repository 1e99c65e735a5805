/** Signed short-lived tokens, and who is asking. */
import { jwtVerify, SignJWT } from 'jose';
import type { OuterWorld } from '../db/world.ts';
import { type Viewer, viewerOf } from '../workflows/machine/people/rights.ts';
import { Problem } from './problem.ts';

const ISSUER = 'piban';
const ALGORITHM = 'HS256';

/** Issues and checks tokens with one secret. */
export class Sessions {
  readonly #key: Uint8Array;
  readonly #minutes: number;

  constructor(secret: string, minutes: number) {
    this.#key = new TextEncoder().encode(secret);
    this.#minutes = minutes;
  }

  /** A token for a person, valid for the configured time. */
  async issue(person: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(person)
      .setIssuer(ISSUER)
      .setIssuedAt()
      .setExpirationTime(`${this.#minutes}m`)
      .sign(this.#key);
  }

  /** The person of an `Authorization` header. @throws Problem 401 for none, a wrong or an expired one. */
  async personOf(header: string | undefined): Promise<string> {
    const token = header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : null;
    if (token === null) throw new Problem('unauthenticated', '请先登录:缺少 Authorization: Bearer 令牌');
    try {
      const { payload } = await jwtVerify(token, this.#key, { issuer: ISSUER, algorithms: [ALGORITHM] });
      if (payload.sub !== undefined) return payload.sub;
    } catch {
      // Why it is wrong is nobody's business but the owner's, who only needs to sign in again.
    }
    throw new Problem('unauthenticated', '登录已失效,请重新登录');
  }
}

/** Who a signed-in person is today. @throws Problem 401 for somebody who has left. */
export function viewerFor(world: OuterWorld, person: string, now: string): Viewer {
  const viewer = viewerOf(world.directory, world.calendar, person, now);
  if (viewer === null) throw new Problem('unauthenticated', '您不在学校在职人员名录中');
  return viewer;
}
