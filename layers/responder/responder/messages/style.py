"""The look of a page of reports: readable on paper and in the dark."""

# ruff: noqa: E501 - CSS has its own idea of a line

CSS = """\
:root { color-scheme: light dark; --red: #c62828; --amber: #a56300; --green: #2e7d32; --blue: #1565c0; --grey: #757575 }
body { font: 16px/1.6 system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
.report { border: 1px solid #8886; border-left: 6px solid var(--amber); border-radius: 6px; padding: 1rem; margin: 0 0 2rem; overflow-wrap: anywhere }
.report.high { border-left-color: var(--red) }
.report.calm { border-left-color: var(--green) }
.headline { font-size: 1.15rem; font-weight: 600; margin: 0 0 1rem }
.headline.alert { color: #fff; background: var(--red); border-radius: 4px; padding: .5rem .75rem }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; border-bottom: 1px solid #8886 }
h4 { font-size: 1rem; margin: .75rem 0 .25rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .25rem 0 }
dt { color: var(--grey) }
dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #8886; padding: .2rem .5rem; text-align: left; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .5rem; border-radius: 4px; font-size: .85rem }
.findings { list-style: none; padding: 0 }
.tone, .result { color: #fff; background: var(--grey); border-radius: 4px; padding: 0 .5em; font-size: .85em }
.tone.red, .result.failed, .result.partial { background: var(--red) }
.tone.amber, .result.asked, .result.refused { background: var(--amber) }
.tone.normal, .result.applied, .result.taken_back, .result.stepped, .result.already { background: var(--green) }
.tone.info, .result.observed { background: var(--blue) }
a { overflow-wrap: anywhere }
@media screen and (max-width: 40rem) {
  body { margin: .5rem auto; padding: 0 .5rem }
  .report { padding: .5rem .75rem }
  dl { grid-template-columns: 1fr }
  dd { margin: 0 0 .35rem }
  table { display: block; overflow-x: auto }
  th, td { overflow-wrap: break-word; min-width: 3.5rem; padding: .2rem .3rem; font-size: .9rem }
  figure { overflow-x: auto }
  figure .chart { min-width: 34rem }
}
@media print {
  body { max-width: none; margin: 0; font-size: 11pt }
  .report { break-inside: avoid-page }
  .headline.alert, .tone, .result { -webkit-print-color-adjust: exact; print-color-adjust: exact }
  a[href^="http"]::after { content: " " attr(href); font-size: .8em }
}
"""
