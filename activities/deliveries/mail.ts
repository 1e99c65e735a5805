/** Sends e-mail by SMTP. The same message has the same Message-ID in every try, so that a mailbox shows it once. */
import { createHash } from 'node:crypto';
import { createTransport, type Transporter } from 'nodemailer';
import type { Message } from './compose.ts';
import type { Outcome } from './means.ts';

/** Connecting, greeting and each silence in between may take so long. */
const PATIENCE_MS = 8_000;
/** Connections to the mail server at once. */
const CONNECTIONS = 3;

/** One letter. */
export interface Letter extends Message {
  to: string;
  messageId: string;
}

/** Letters go by one set of connections, to be closed after them. */
export interface Mailer {
  send(letter: Letter): Promise<Outcome>;
  close(): void;
}

/** Opens nothing yet: the first letter connects. */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport: Transporter = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    // A text of ours is no path and no address to read from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, messageId, subject, text }) {
      try {
        await transport.sendMail({
          from,
          // As an object, so that no comma or bracket in it makes a second recipient.
          to: { name: '', address: to },
          messageId,
          subject,
          text,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** The code of nodemailer and the server's own number; its words may name the recipient. */
function failureOf(error: unknown): Outcome {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const fault = ['smtp', code ?? 'failed', ...(responseCode === undefined ? [] : [responseCode])].join(' ');
  // 5xx refuses this letter for good; a wrong password concerns every letter and will be mended.
  return { kind: 'failed', fault, lasting: (responseCode ?? 0) >= 500 && code !== 'EAUTH' };
}

/** The Message-ID of a notice. @param from the sender, whose domain it is of. */
export function noticeMessageId(notice: number, from: string): string {
  return `<notice-${notice}@${domainOf(from)}>`;
}

/** The Message-ID of a part of a digest; it does not tell outsiders whose. */
export function digestMessageId(person: string, day: string, part: number, from: string): string {
  const whose = createHash('sha256').update(person).digest('hex').slice(0, 16);
  return `<digest-${day}-${part}-${whose}@${domainOf(from)}>`;
}

function domainOf(from: string): string {
  return /@([^\s<>@]+?)>?$/.exec(from)?.[1] ?? 'piban';
}
