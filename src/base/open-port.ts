/** Opens the port of a server: what goes wrong until then is told, and what goes wrong afterwards ends nothing. */
import type { ListenOptions, Server } from 'node:net';

/** Resolves when the port is open. */
export function openPort(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      server.on('error', letGo);
      resolve();
    });
  });
}

/**
 * A connection could not be accepted, as where the system has no more open files to give: whoever wanted in tries again. With nobody
 * listening to it, this error would end the program, so that strangers could by opening connections.
 */
function letGo(): void {}
