/** Where a webhook may go, as far as its address alone tells; what the name stands for is looked at when it is called. */

const SELF = ['localhost', '127.0.0.1', '[::1]'];

/** Names and literal addresses, as URL writes them, of this machine and of own networks; see `activities/deliveries/webhook.ts`. */
const OWN = [
  /(^|\.)localhost\.?$/,
  /^(127|10)\.\d+\.\d+\.\d+$/,
  /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/,
  /^192\.168\.\d+\.\d+$/,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+$/,
  /^\[(::1|f[cd][0-9a-f]{2}:.*)\]$/,
];

/**
 * What is wrong with the address of a webhook, in words for whoever enters it; null for a sound one.
 * @param insideAllowed whether gateways may stand in the own network (`WEBHOOKS_INSIDE`).
 */
export function webhookAddressFault(address: string, insideAllowed: boolean): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return '应为完整的网址,如 https://gateway.example.edu.cn/notice';
  }
  if (url.username !== '' || url.password !== '') return '网址中不能带用户名和密码';
  if (!insideAllowed && OWN.some((own) => own.test(url.hostname)))
    return '不能是本机或内网地址;确需发往内网网关的,请运维开启 WEBHOOKS_INSIDE';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && SELF.includes(url.hostname))) return null;
  return insideAllowed ? '应为 https 网址;只有本机地址可以用 http' : '应为 https 网址';
}
