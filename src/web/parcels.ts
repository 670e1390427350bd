/** Files on their way between an operation and the browser: each alone in a private directory, and gone once it has arrived. */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file as an answer. Whoever sends it says when it is done with it. */
export interface Parcel {
  readonly path: string;
  readonly bytes: number;
  /** Removes it. */
  done(): Promise<void>;
}

export class Parcels {
  readonly #directory: string;

  /** @param options `dataDirectory`: for its owner alone, and on the disk that has room for what is in it */
  constructor(options: { readonly dataDirectory: string }) {
    this.#directory = join(options.dataDirectory, 'downloads');
  }

  /** Removes what a run that was killed has left: readable mail, or keys. */
  clear(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }

  /**
   * @param write makes the file at a path where nothing is; what it throws is thrown, and nothing stays
   * @param name of the file, for those who are told of it
   */
  async pack(write: (path: string) => Promise<void>, name = 'file'): Promise<Parcel> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const directory = await mkdtemp(join(this.#directory, 'd-'));
    const done = (): Promise<void> => rm(directory, { recursive: true, force: true });
    const path = join(directory, name.replace(/[^\w.-]+|^\.+/g, '_') || 'file');
    try {
      await write(path);
      return { path, bytes: (await stat(path)).size, done };
    } catch (error) {
      await done();
      throw error;
    }
  }
}
