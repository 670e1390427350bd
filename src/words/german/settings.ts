/** In German: what is wrong with the settings, and what is allowed in them. */
import type { settings as english } from '../english/settings.js';
import { write } from './write.js';

export const settings: typeof english = {
  unknown: (key, source) => `Die Einstellung ${key} (${source}) gibt es nicht: config/default.toml nennt alle`,
  cannotBe: (key, value, source, allowed) => `${key} kann nicht ${value} sein (${source}): Erlaubt ist ${allowed}`,
  environment: 'Umgebung',
  notSet: (keys) => `In config/default.toml fehlt ${keys}`,
  notToml: (file, why) => `${file} ist kein TOML: ${why}`,
  badOverride: (typed) => `--set ${typed}: Erwartet wird abschnitt.name=wert`,
  notReadable: (path, why) => `${path} ist nicht lesbar: ${why}`,

  allowed: {
    flag: 'true oder false',
    oneOf: (values) => write.either(values),
    oneOfOrFlag: (values) => `${write.either(values)} (auch true oder false)`,
    whole: (least, most) => `eine ganze Zahl von ${least} bis ${most}`,
    listen: '"host:port", oder "" für keinen',
    peers: 'eine Liste von "host:port"',
    proxy: '"socks5://ADRESSE:PORT" oder "socks4a://ADRESSE:PORT", eine Adresse oder localhost, oder "" für keinen',
    shortLine: 'bis zu 255 Bytes',
    localDoor: '"host:port" auf diesem Rechner oder ein absoluter Pfad',
    onionAddress: '"name.onion:port" mit den 56 Zeichen der Version 3, oder "" für keine',
    host: 'ein Rechnername oder eine Adresse',
    ownPort: '"host:port" auf eben diesem Rechner, oder "" für keinen',
    text: 'ein Text',
    user: '1 bis 64 Buchstaben, Ziffern oder . _ -, nicht mit "BM-" am Anfang',
    path: 'ein absoluter Pfad, oder "" für keinen',
    name: '1 bis 100 Zeichen',
    loopback: '127.0.0.1, ::1 oder localhost',
  },

  needs: (key, other) => `${key} braucht ${other}`,
  needsEither: (key, others) => `${key} braucht ${write.either(others)}`,
  contradict: (key, other) => `${key} und ${other} widersprechen sich`,
  broadcastBypasses: 'network.local_discovery = true und network.proxy widersprechen sich: Ein Rundruf geht am Proxy vorbei',
  backupNeedsPassphrase: 'backup.directory braucht backup.passphrase_file: Sicherungen werden verschlüsselt',
  reachable: (key, host) =>
    `${key} = "${host}" ist von anderen Rechnern erreichbar: Setzen Sie access.allow_remote = true, wenn das so gemeint ist`,
  reachableForbidden: (key, host) => `${key} = "${host}" ist von anderen Rechnern erreichbar: network.loopback_only verbietet das`,
  elsewhere: (key, value) => `${key} = "${value}" liegt nicht auf diesem Rechner: network.loopback_only verbietet das`,
  oneOfTwo: (key, other) => `${key} und ${other}: eines von beiden, nicht beides`,
  badOnion: (address) => `${address} ist kein Onion-Dienst der Version 3: Einige seiner 56 Zeichen sind falsch`,
};
