/** What `npm start` looks at before the compiler runs, which on an old Node.js only says where it stumbled. In words that any Node.js reads. */
var least = require('../../package.json').engines.node.match(/\d+/g).map(Number);
var own = process.versions.node.split('.').map(Number);

if (own[0] < least[0] || (own[0] === least[0] && own[1] < least[1])) {
  console.error(`\nThis is Node.js ${own.join('.')}, and Postern needs ${least.join('.')} or newer: https://nodejs.org has it.\n`);
  process.exit(78);
}
