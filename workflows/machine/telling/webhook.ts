/** Where a webhook may go, as far as its address alone tells; what the name stands for is looked at when it is called. */

const SELF = ['localhost', '127.0.0.1', '[::1]'];

/** What is wrong with the address of a webhook, in words for whoever enters it; null for a sound one. */
export function webhookAddressFault(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return '应为完整的网址,如 https://gateway.example.edu.cn/notice';
  }
  if (url.username !== '' || url.password !== '') return '网址中不能带用户名和密码';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && SELF.includes(url.hostname))) return null;
  return '应为 https 网址;只有本机地址可以用 http';
}
