/** Commands in sentences and on pages, as the reader can type them. */
import assert from 'node:assert/strict';
import { asTyped, commandName } from '../../src/words/commands.js';

describe('commands in sentences', () => {
  for (const [text, typed] of [
    ['"postern page" prints it', '"npx postern page" prints it'],
    ['„postern page“ gibt sie aus; „postern status“ auch', '„npx postern page“ gibt sie aus; „npx postern status“ auch'],
    ['<pre>postern restore FILE</pre>', '<pre>npx postern restore FILE</pre>'],
    ['say &#34;postern unlock&#34;', 'say &#34;npx postern unlock&#34;'],
    ['postern: no command is given', 'postern: no command is given'],
    ['<td>postern lovers</td> and a user "postern"', '<td>postern lovers</td> and a user "postern"'],
  ] as const)
    it(`writes ${JSON.stringify(text)} for a clone`, () => {
      assert.equal(asTyped(text, 'npx postern'), typed);
      assert.equal(asTyped(text, 'postern'), text);
    });

  it('knows a clone by what npm says of itself', () => {
    assert.equal(commandName({ npm_lifecycle_event: 'start' }), 'npx postern');
    assert.equal(commandName({ npm_command: 'exec' }), 'npx postern');
    assert.equal(commandName({}), 'postern');
  });
});
