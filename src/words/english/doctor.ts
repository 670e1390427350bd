/** What the doctor finds, each finding a sentence that may be shown to strangers. */
import { write } from './write.js';

export const doctor = {
  help: 'Look at clock, ports, peers, proxy, certificate, disk and database, and say what is wrong.',
  send: 'send a message to yourself as well, and wait for it',
  report: 'a report that can be shown to others: no addresses, no host names',
  looking: 'looking at everything',
  /** What is looked at; --json has the key. */
  subjects: {
    clock: 'clock',
    peers: 'peers',
    listening: 'listening',
    objects: 'objects',
    proxy: 'proxy',
    'onion service': 'onion service',
    disk: 'disk',
    certificate: 'certificate',
    keys: 'keys',
    log: 'log',
    gateway: 'gateway',
    settings: 'settings',
    'data directory': 'data directory',
    database: 'database',
    'send to self': 'send to self',
    imap: 'imap',
    'imap (TLS)': 'imap (TLS)',
    smtp: 'smtp',
    'smtp (TLS)': 'smtp (TLS)',
    network: 'network',
  },
  verdicts: { ok: 'ok', warn: 'warn', fail: 'fail' },
  platform: (node: string, system: string) => `Node.js ${node} on ${system}`,

  noPeerForClock: (now: number) =>
    `It is ${write.moment(now)} by this computer's clock, and no peer is there to compare it with. More than an hour off, nobody talks to us.`,
  clockAgrees: 'The clock agrees with the peers.',
  behind: (seconds: number) => `The clock is ${write.number(seconds)} seconds behind the peers' clocks`,
  ahead: (seconds: number) => `The clock is ${write.number(seconds)} seconds ahead of the peers' clocks`,
  fewPeers: (clock: string) => `${clock}, but there are few peers.`,
  clockIsWrong: (clock: string) => `${clock}. Beyond an hour, nobody will talk to us.`,

  peers: (peers: number, inbound: number, nodes: number) =>
    `Connected with ${write.number(peers)} ${peers === 1 ? 'peer' : 'peers'}, ${write.number(inbound)} of them came to us; ${write.number(nodes)} nodes are known.`,
  noPeersYet: (nodes: number) =>
    `Connected with no peer; ${write.number(nodes)} nodes are known. Right after the start that takes a minute.`,
  noPeers: (nodes: number) =>
    `Connected with no peer; ${write.number(nodes)} nodes are known. Is this computer online, its clock right, and does the firewall let Node.js out, to port 8444 above all?`,
  notListening: 'Other nodes cannot connect to this one; it dials out.',
  listening: 'The port for other nodes is open here; whether they reach it is up to router and firewall.',
  objects: (count: number) => `${write.number(count)} objects are still to be looked at.`,

  noProxy: 'No proxy is set: connections go straight.',
  proxyFails: 'The proxy does not work: does it run (Tor, say), at the address of network.proxy?',
  notStrict: 'All connections go through the proxy; network.proxy_strict would keep it so whatever else is set.',
  onionProxy: 'Onion names go through a proxy.',
  strictProxy: 'Nothing bypasses the proxy.',
  noOnionService: 'The onion service is not up.',

  portsAnswer: (name: string) => `The ${name} ports answer.`,
  portsFail: (name: string, why: string) => `The ${name} ports do not answer as they should (${why}).`,
  foreignCertificate: (name: string) =>
    `The ${name} ports show a certificate that the authority in certificates/ca.pem has not signed: start Postern anew.`,
  portIsFree: (name: string) => `The ${name} port is free.`,
  portIsTaken: (name: string) => `The ${name} port is taken by another program: end that one, or set another port in config.toml.`,
  peerPortIsTaken: 'The port for other nodes is taken by another program, perhaps PyBitmessage: quit it, or change network.listen.',
  portFails: (name: string, why: string) => `The ${name} port cannot be had (${why}).`,

  disk: (megabytes: number) => `${write.number(megabytes)} MB are free where the data lies.`,
  diskIsFull: (megabytes: number) =>
    `Only ${write.number(megabytes)} MB are free where the data lies. Below 200 MB nothing new is taken from the network: make room.`,
  certificate: (days: number) =>
    `The certificate is good for ${write.number(days)} more ${days === 1 ? 'day' : 'days'}; a start renews it in time.`,
  keysEncrypted: 'Your private keys are encrypted on the disk.',
  keysNotEncrypted: 'Your private keys are not encrypted on the disk.',
  logLevel: (level: string) => `The log level is ${level}.`,
  logTellsMuch: 'The log level is debug: the log tells with whom you are connected, and grows fast.',
  ownerAlone: 'The data directory is for its owner alone.',
  othersLookIn: 'Others on this machine can look into the data directory: chmod 700 it.',
  noDirectory: 'It is not there yet: the first start makes it.',
  databaseSound: 'The database is sound.',
  databaseSealed: 'The database is encrypted: it can be looked into while Postern runs, and is unlocked.',
  databaseDamaged: 'The database is damaged: restore a backup.',

  noGateway: 'No gateway is running; "postern start" starts one.',
  settingsFail: 'The settings cannot be used.',
  settingsWork: 'The settings can be used.',

  noSender: 'There is no address to send from.',
  messageGone: 'The message has gone from the outbox.',
  toYourself: (how: string) => `A message to yourself: ${how}.`,
  toYourselfNow: (how: string) => `a message to yourself: ${how}`,
  cameBack: (seconds: number) =>
    `A message to yourself was sent within ${write.number(seconds)} seconds, and lies in INBOX as "Postern doctor".`,
  neverCameBack: (minutes: number) => `A message to yourself was not sent within ${write.number(minutes)} minutes.`,
  testSubject: 'Postern doctor',
  testText: (time: number) => `This message came the whole way, at ${write.time(time)}. You can delete it.`,
};
