/** docs/man/postern.1, made of the operations as the help text is. Pure. */
import type { Command, Parameter } from '../control/operation.js';
import { english } from '../words/english/english.js';

/** In English: its one file is part of the package. */
export function manPage(operations: readonly Command[]): string {
  return `.TH POSTERN 1
.SH NAME
postern \\- Bitmessage in the mail program you already use
.SH SYNOPSIS
.B postern start
[\\fIoptions\\fR]
.br
.B postern
.I command
[\\fIarguments\\fR]
.SH DESCRIPTION
.B postern start
runs the gateway: an IMAP and an SMTP server for mail programs, and a Bitmessage node. Every other command talks to the running gateway
of the same data directory.
.SH COMMANDS
.TP
\\fBstart\\fR [\\fB\\-\\-ready\\-json\\fR] [\\fB\\-\\-config\\fR \\fIFILE\\fR] [\\fB\\-\\-set\\fR \\fIsection.key=value\\fR]...
Run the gateway.
${operations.map(command).join('')}.TP
\\fBcompletion\\fR \\fIbash\\fR|\\fIzsh\\fR
Print what a shell needs to complete these commands.
.SH OPTIONS
.TP
\\fB\\-\\-data\\fR \\fIDIR\\fR
The data directory.
.TP
\\fB\\-\\-json\\fR
Answer as one line of JSON (every command but start).
.SH EXIT STATUS
0: done. 1: the gateway said no. 64: the command line means nothing. 69: no gateway is running. 74: the disk failed. 75: it cannot start.
78: a setting is wrong. 137: stopped by force.
.SH FILES
.TP
.I ~/.local/share/postern
The data directory, unless \\fBXDG_DATA_HOME\\fR or \\fB\\-\\-data\\fR says otherwise.
.TP
.I config.toml
In the data directory: your settings. All there are stand in config/default.toml.
`;
}

function command({ name, help, parameters }: Command): string {
  const placed = parameters.filter(({ place }) => place === 'positional');
  const named = parameters.filter(({ place }) => place === 'option' || place === 'flag');
  const usage = [`\\fB${troff(name)}\\fR`, ...placed.map(shown), ...named.map(shown)].join(' ');
  const details = parameters.map((parameter) => `.br\n${troff(parameter.name)}: ${troff(parameter.help(english))}.\n`);
  return `.TP\n${usage}\n${troff(help(english))}\n${details.join('')}`;
}

function shown({ name, place, isRequired }: Parameter): string {
  const text =
    place === 'positional'
      ? `\\fI${troff(name.toUpperCase())}\\fR`
      : `\\fB\\-\\-${troff(name)}\\fR${place === 'flag' ? '' : ' \\fITEXT\\fR'}`;
  return isRequired ? text : `[${text}]`;
}

/** A backslash and a hyphen mean something to troff, and so do a point and a quote that begin a line. */
function troff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/gm, '\\&$&');
}
