import { Agent } from 'node:https';
import { connect, type Socket } from 'node:net';

/**
 * Gives clients that pin https a plain connection to a sandbox on this machine. Host name, path, headers and body are what
 * production gets.
 */
export class PlainAgent extends Agent {
  private readonly port: number;

  /** @param url the base of the sandbox */
  constructor(url: string) {
    super();
    this.port = Number(new URL(url).port);
  }

  override createConnection(): Socket {
    return connect({ host: '127.0.0.1', port: this.port });
  }
}
