/** "mail encrypt" and "mail decrypt": the whole database, written anew while no gateway runs. */
import { Refusal } from '../words/refusal.js';
import type { Words } from '../words/words.js';
import { type Answer, ControlRefusal, type OfflineOperation, type Parameter, type Progress } from './operation.js';

type Turn = (dataDirectory: string, passphrase: string, progress: Progress) => Promise<void>;

const passphrase: Parameter = { name: 'passphrase', place: 'secret', isRequired: true, help: ({ keys }) => keys.mail.passphrase };

export const mailEncrypt: OfflineOperation = {
  name: 'mail encrypt',
  help: ({ keys }) => keys.mail.encryptHelp,
  parameters: [passphrase],
  async run(values, dataDirectory, words, progress) {
    const { sealMail } = await import('../sealing/turn.js');
    await turned(sealMail, dataDirectory, values.passphrase, progress);
    return answer(true, words);
  },
};

export const mailDecrypt: OfflineOperation = {
  name: 'mail decrypt',
  help: ({ keys }) => keys.mail.decryptHelp,
  parameters: [passphrase],
  async run(values, dataDirectory, words, progress) {
    const { unsealMail } = await import('../sealing/turn.js');
    await turned(unsealMail, dataDirectory, values.passphrase, progress);
    return answer(false, words);
  },
};

async function turned(turn: Turn, dataDirectory: string, secret: string, progress: Progress = () => {}): Promise<void> {
  try {
    await turn(dataDirectory, secret, progress);
  } catch (error) {
    throw error instanceof Refusal ? new ControlRefusal(error.say, { cause: error }) : error;
  }
}

function answer(mailIsSealed: boolean, { keys }: Words): Answer {
  return { value: { mailIsSealed }, text: mailIsSealed ? keys.mail.encrypted : keys.mail.decrypted };
}
