import assert from 'node:assert/strict';
import { extractImages } from '../../src/mapping/data-images.js';
import { processorMs } from '../support/processor-time.js';

const PNG = 'iVBORw0KGgo=';

describe('images in the text', () => {
  for (const [body, text, images, why] of [
    ['no image', 'no image', [], 'none'],
    [`a <img src="data:image/png;base64,${PNG}"> b`, 'a  b', ['image-1.png image/png'], 'one without a name'],
    [`<img alt="cat" src="data:image/jpeg;base64,${PNG}" />`, '', ['cat.jpg image/jpeg'], "bmwrapper's, with a name"],
    [`<IMG SRC="data:image/GIF;base64,${PNG}" ALT="dog.gif">`, '', ['dog.gif image/gif'], 'in capitals'],
    [`<img src="data:image/png;base64,iVBO\nRw0KGgo=">`, '', ['image-1.png image/png'], 'broken into lines'],
    [`<img src="data:image/png;base64,!!!!">`, `<img src="data:image/png;base64,!!!!">`, [], 'what is no base64 stays'],
    [`<img src="data:text/html;base64,${PNG}">`, `<img src="data:text/html;base64,${PNG}">`, [], 'what is no image stays'],
    ['<img src="https://tracker.example/x.png">', '<img src="https://tracker.example/x.png">', [], 'what lies elsewhere stays a text'],
  ] as const)
    it(`become files: ${why}`, () => {
      const extracted = extractImages(body);
      assert.equal(extracted.text, text);
      assert.deepEqual(
        extracted.images.map(({ name, type }) => `${name} ${type}`),
        images,
      );
      for (const image of extracted.images) assert.equal(Buffer.from(image.content).toString('base64'), PNG);
    });

  it('are 64 at most, the rest staying text', () => {
    const image = `<img src="data:image/png;base64,${PNG}">`;
    assert.deepEqual([extractImages(image.repeat(70)).images.length, extractImages(image.repeat(70)).text], [64, image.repeat(6)]);
  });

  it('are found in time that grows with the length alone', () => {
    const started = processorMs();
    for (const piece of [
      '<img ',
      '<img src="data:image/png;base64,',
      '<img alt="',
      `<img src="data:image/png;base64,${PNG}">`,
      ' src="data:image/png;base64,A',
    ])
      extractImages(`data:image/<img ${piece.repeat(1_000_000 / piece.length)}`);
    assert.ok(processorMs() - started < 4000);
  });
});
