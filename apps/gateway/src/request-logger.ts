import type { FastifyBaseLogger } from 'fastify';

type Bindings = Parameters<FastifyBaseLogger['child']>[0];
type Line = Parameters<FastifyBaseLogger['info']>;

/**
 * A logger whose lines name the request, made when it writes its first one: most requests write none before they are over.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Bindings;
  #own: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: Bindings) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  get #logger(): FastifyBaseLogger {
    this.#own ??= this.#parent.child(this.#bindings);
    return this.#own;
  }

  get level(): string {
    return this.#parent.level;
  }

  child(...[bindings, options]: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger.child(bindings, options);
  }

  fatal(...line: Line): void {
    this.#logger.fatal(...line);
  }
  error(...line: Line): void {
    this.#logger.error(...line);
  }
  warn(...line: Line): void {
    this.#logger.warn(...line);
  }
  info(...line: Line): void {
    this.#logger.info(...line);
  }
  debug(...line: Line): void {
    this.#logger.debug(...line);
  }
  trace(...line: Line): void {
    this.#logger.trace(...line);
  }
  silent(...line: Line): void {
    this.#logger.silent(...line);
  }
}
