/**
 * Calls webhooks: gateways to 企业微信, 钉钉 or SMS. Signed, without redirects, within seconds, and never to an address of the own
 * network unless the school allows it: whoever enters an address must not be able to look around behind the firewall.
 */
import { createHmac } from 'node:crypto';
import { lookup as resolve } from 'node:dns';
import { type ClientRequest, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { webhookAddressFault } from '../../workflows/machine/telling/webhook.ts';
import type { Outcome } from './means.ts';

/** A gateway has so long to answer, name, connection and all. */
const PATIENCE_MS = 8_000;

/** One call. */
export interface Call {
  url: string;
  secret: string;
  /** The delivery: the same in every try, so that a gateway passes it on once. */
  delivery: number;
  body: string;
  /** The time, ISO. */
  now: string;
}

/** Addresses of this machine and of own networks, but for what nothing outside may ever reach. */
const inside = new BlockList();
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  inside.addSubnet(net, prefix, 'ipv4');
inside.addAddress('::1', 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');

/** Addresses that are nobody's gateway: this network, link-local (a cloud's own services among them), multicast, reserved. */
const never = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  never.addSubnet(net, prefix, 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
// Addresses that stand for IPv4 ones behind a translator.
never.addSubnet('64:ff9b::', 96, 'ipv6');
never.addSubnet('2002::', 16, 'ipv6');

/** Whether an address may be called. @param address a literal IP address. */
export function mayCall(address: string, insideAllowed: boolean): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !never.check(address, family) && (insideAllowed || !inside.check(address, family));
}

class Forbidden extends Error {}

/** Looks a name up and hands the very addresses on that were checked: asked twice, a name may answer differently. */
function guardedLookup(insideAllowed: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      if (found.length === 0 || found.some((one) => !mayCall(one.address, insideAllowed)))
        return callback(new Forbidden(hostname), []);
      const first = found[0];
      if (options.all === true || first === undefined) return callback(null, found);
      callback(null, first.address, first.family);
    });
  };
}

/** The signature of a body: `t=<seconds>,v1=<HMAC-SHA256 over "t.body">`, so that an old call can't be sent again as a new one. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Makes one call. Never throws: whatever goes wrong is an outcome. */
export async function callWebhook(call: Call, insideAllowed: boolean): Promise<Outcome> {
  const url = URL.canParse(call.url) ? new URL(call.url) : null;
  const literal = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (
    url === null ||
    webhookAddressFault(call.url, insideAllowed) !== null ||
    (isIP(literal) !== 0 && !mayCall(literal, insideAllowed))
  )
    return { kind: 'failed', fault: 'webhook address-forbidden', lasting: true };
  try {
    const { status, retryAfter } = await post(url, call, insideAllowed);
    return judge(status, retryAfter);
  } catch (error) {
    if (error instanceof Forbidden) return { kind: 'failed', fault: 'webhook address-forbidden', lasting: true };
    const code = (error as { code?: string }).code ?? (error as Error).name;
    return { kind: 'failed', fault: `webhook ${code}`, lasting: false };
  }
}

function post(
  url: URL,
  { secret, delivery, body, now }: Call,
  insideAllowed: boolean,
): Promise<{ status: number; retryAfter: string | undefined }> {
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((done, failed) => {
    const sent: ClientRequest = request(
      url,
      {
        method: 'POST',
        // No connection is kept: each call looks its name up and is checked anew.
        agent: false,
        lookup: guardedLookup(insideAllowed),
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Piban',
          'piban-delivery': String(delivery),
          'piban-signature': signatureOf(secret, Math.floor(Date.parse(now) / 1000), body),
        },
      },
      (response) => {
        // What it answers beside its status is nothing to us, however long it goes on.
        response.on('error', () => undefined);
        response.destroy();
        done({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      },
    );
    sent.on('error', failed);
    sent.end(body);
  });
}

/** Taken, to be tried again, or refused for good. A redirect is not followed: it could lead anywhere. */
function judge(status: number, retryAfter: string | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const passing = status >= 500 || status === 429 || status === 408;
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : null;
  const retry = passing && seconds !== null ? { retryAfterMs: seconds * 1000 } : {};
  return { kind: 'failed', fault: `webhook HTTP ${status}`, lasting: !passing, ...retry };
}
