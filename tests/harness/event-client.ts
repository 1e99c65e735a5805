/** Reads a stream of server-sent events as a browser does, with its memory of the last id. */

/** One event. */
export interface StreamEvent {
  event: string;
  // Tests look into it freely.
  data: Record<string, unknown>;
}

/** An open stream. */
export class EventClient {
  readonly events: StreamEvent[] = [];
  /** What a browser would send as Last-Event-ID. */
  lastEventId = '';
  /** Settles when the server has ended the stream, or it was closed. */
  readonly ended: Promise<void>;
  readonly #abort = new AbortController();
  #wake: () => void = () => undefined;
  #over = false;
  readonly status: number;

  private constructor(response: Response, abort: AbortController) {
    this.status = response.status;
    this.#abort = abort;
    this.ended = this.#read(response).finally(() => {
      this.#over = true;
      this.#wake();
    });
  }

  /** Opens a stream. @param headers such as the token and Last-Event-ID. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
    const abort = new AbortController();
    return new EventClient(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  async #read(response: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      // The body of a fetch is a stream of bytes.
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        const blocks = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // Closed by us, or broken: whoever waits sees what came.
    }
  }

  #take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ event: fields.get('event') ?? 'message', data: JSON.parse(data) });
    this.#wake();
  }

  /** The events of a name so far. */
  named(event: string): Record<string, unknown>[] {
    return this.events.filter((one) => one.event === event).map((one) => one.data);
  }

  /** Waits until something holds of what came. @throws when the stream ends without it, or after half a minute. */
  async until(holds: (client: EventClient) => boolean, what = 'what was awaited'): Promise<void> {
    const deadline = AbortSignal.timeout(30_000);
    while (!holds(this)) {
      if (this.#over || deadline.aborted) throw new Error(`The stream never told ${what}: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        deadline.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  close(): Promise<void> {
    this.#abort.abort();
    return this.ended;
  }
}
