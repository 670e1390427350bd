/** How the pages look, in light and in dark, on a wide screen and on a telephone. */

export const STYLE = `:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171b); --card: light-dark(#ffffff, #1d2127); --text: light-dark(#1b2027, #e7eaee);
  --quiet: light-dark(#5c6672, #9aa4b0); --line: light-dark(#e0e4e9, #2e343c); --accent: light-dark(#2a5d9f, #86b7f0);
  --on-accent: light-dark(#ffffff, #10151b); --good: light-dark(#1f7a3a, #6fd08c); --bad: light-dark(#b3261e, #ff8f86);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 2rem; padding: .7rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
.name { display: flex; align-items: center; gap: .5rem; font-weight: 700; font-size: 1.1rem; text-decoration: none; color: var(--accent); }
nav { display: flex; flex-wrap: wrap; gap: .1rem .2rem; }
nav a { text-decoration: none; color: var(--quiet); padding: .3rem .7rem; border-radius: .5rem; }
nav a:hover { color: var(--text); }
nav a[aria-current] { color: var(--accent); background: color-mix(in srgb, var(--accent) 13%, transparent); font-weight: 600; }
main { max-width: 64rem; margin: 0 auto; padding: 1.2rem 1.5rem 3rem; }
h1 { font-size: 1.6rem; margin: .4rem 0 1rem; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .7rem; }
h2 + p { margin-top: 0; }
footer { max-width: 64rem; margin: 0 auto; padding: 0 1.5rem 2rem; }
code, pre, .address { font-family: ui-monospace, monospace; font-size: .88rem; }
pre, .card, .wide, .sheet { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; }
pre { padding: .9rem 1.1rem; overflow-x: auto; overflow-wrap: normal; }
pre.wrapped { white-space: pre-wrap; overflow-wrap: anywhere; }
.value, pre.wrapped, .card .address { user-select: all; }
.wide { overflow-x: auto; overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child :is(td, th) { border-bottom: 0; }
th { font-weight: 600; font-size: .82rem; color: var(--quiet); }
td summary { margin: 0; }
td .address, time { white-space: nowrap; }
.none { color: var(--quiet); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; padding: 0; margin: 0; list-style: none; }
.facts li { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: .8rem 1.1rem; color: var(--quiet); }
.facts b { display: block; font-size: 1.7rem; line-height: 1.3; color: var(--text); }
.card { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start; padding: 1.1rem; margin: 0 0 .9rem; }
.card > :last-child { flex: 1 1 18rem; }
.card h2 { display: inline; font-size: 1.1rem; }
.qr { width: 8.5rem; height: 8.5rem; background: #fff; border-radius: .4rem; flex: none; overflow: hidden; }
.qr img { display: block; width: 100%; height: 100%; }
.mark { display: inline-block; font-size: .78rem; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; margin-left: .4rem; color: var(--quiet); }
.sheet { padding: 1.1rem; margin: .9rem 0; }
form { display: flex; flex-wrap: wrap; gap: .7rem 1rem; align-items: end; }
label { display: grid; gap: .2rem; flex: 1 1 14rem; }
label span { font-size: .82rem; color: var(--quiet); }
label.tick { display: flex; align-items: center; gap: .5rem; }
label.tick input { width: auto; }
input, select, button { font: inherit; color: inherit; padding: .45rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--page); min-width: 0; width: 100%; }
button { width: auto; background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
form.small { display: inline-flex; gap: .4rem; }
form.small button, footer button { padding: .15rem .7rem; font-size: .85rem; font-weight: 500; background: none; color: var(--accent); border-color: var(--line); }
summary { cursor: pointer; color: var(--accent); margin: .5rem 0; }
progress { width: 100%; max-width: 16rem; height: .6rem; accent-color: var(--accent); }
.notice { white-space: pre-wrap; background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--good); border-radius: .5rem; padding: .7rem 1rem; margin: 0 0 1.2rem; }
.notice.lines { white-space: normal; font: .85rem/1.6 ui-monospace, monospace; }
.notice.lines span { display: block; white-space: pre-wrap; padding-left: 2rem; text-indent: -2rem; }
.notice.bad { border-left-color: var(--bad); }
@media (max-width: 40rem) {
  header, main { padding-left: 1rem; padding-right: 1rem; }
  thead { display: none; }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  tbody th, td { display: block; border: 0; padding: .15rem 1rem; overflow-wrap: anywhere; }
  td .address { white-space: normal; }
  td:empty { display: none; }
  td[data-label]:not([data-label=''])::before { content: attr(data-label); display: block; font-size: .78rem; color: var(--quiet); }
}
`;
