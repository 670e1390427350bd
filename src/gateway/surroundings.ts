/** What the gateway keeps an eye on outside itself: the room on the disk, and where the power comes from. */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { Config } from '../config.js';
import { BatteryWatch, MAINS, type Power } from '../pow/power.js';
import { DiskRoom } from '../store/disk-room.js';

export interface Surroundings {
  readonly disk: DiskRoom;
  readonly power: Power;
  stop(): Promise<void>;
}

/** Resolves when both are known. */
export async function watchSurroundings(
  config: Config,
  directory: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<Surroundings> {
  const disk = new DiskRoom({ directory, reserveBytes: config.network.min_free_disk_mb * 1_000_000 }, { clock, log: log.child('store') });
  const battery = config.pow.pause_on_battery ? new BatteryWatch({ clock, log: log.child('pow') }) : null;
  await Promise.all([disk.start(), battery?.start()]);
  return {
    disk,
    power: battery ?? MAINS,
    stop: async () => void (await Promise.all([disk.stop(), battery?.stop()])),
  };
}
