/** A real SMTP server for tests: it can be killed and brought back on the same port, and refuse whom a test names. */
import { type AddressObject, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A letter that was taken. */
export interface Letter {
  messageId: string;
  to: string;
  subject: string;
  text: string;
}

/** The server of a test. */
export interface MailServer {
  /** As SMTP_URL wants it. */
  readonly url: string;
  /** Everything that was taken, in its order, doubles included. */
  readonly letters: Letter[];
  /** Whom it refuses for good. */
  readonly refused: Set<string>;
  /** Breaks every connection and listens no more. */
  kill(): Promise<void>;
  /** Listens again on the same port. */
  revive(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startMailServer(): Promise<MailServer> {
  const letters: Letter[] = [];
  const refused = new Set<string>();
  let port = 0;
  let server: SMTPServer | null = null;
  const revive = async () => {
    const next = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      // A killed server says no goodbye.
      closeTimeout: 1,
      onRcptTo: ({ address }, _session, callback) =>
        callback(refused.has(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
      onData: (stream, _session, callback) => {
        simpleParser(stream)
          .then(({ messageId = '', to, subject = '', text = '' }) => {
            letters.push({ messageId, to: addressIn(to), subject, text });
            callback();
          })
          .catch(callback);
      },
    });
    // Connections that are broken on purpose.
    next.on('error', () => undefined);
    await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve));
    const where = next.server.address();
    if (where === null || typeof where === 'string') throw new Error('The mail server has no port');
    port = where.port;
    server = next;
  };
  await revive();
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    refused,
    revive,
    kill: () =>
      new Promise((resolve) => {
        const one = server;
        server = null;
        if (one === null) resolve();
        else one.close(() => resolve());
      }),
  };
}

function addressIn(to: AddressObject | AddressObject[] | undefined): string {
  const [first] = Array.isArray(to) ? to : [to];
  return first?.value[0]?.address ?? '';
}
