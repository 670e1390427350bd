import assert from 'node:assert/strict';
import { unflow } from '../../src/mime/flowed.js';

describe('format=flowed', () => {
  for (const [flowed, text, why] of [
    ['a \nb\nc', 'a b\nc', 'soft and hard ends'],
    ['> a \n> b\n>> c \n>> d', '> a b\n>> c d', 'each depth for itself'],
    ['> a \nb', '> a \nb', 'a quote does not flow into what follows'],
    [' >a\n  b', '>a\n b', 'stuffed blanks'],
    ['a \n-- \nb', 'a \n-- \nb', 'the signature mark stands alone'],
    ['-- \nname', '-- \nname', 'and is no soft end'],
    ['a \n\nb', 'a \n\nb', 'an empty line ends a paragraph'],
    ['a ', 'a ', 'a soft end at the end'],
  ] as const)
    it(`joins lines: ${why}`, () => assert.equal(unflow(flowed), text));

  it('takes the blank away when DelSp says so', () => assert.equal(unflow('ab \ncd \n e', true), 'abcde'));
});
