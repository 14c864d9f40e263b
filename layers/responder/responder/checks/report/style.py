"""What the page of a scheduled check needs besides the style of all reports."""

# ruff: noqa: E501 - CSS has its own idea of a line

CSS = """\
.check { border-left-color: var(--green) }
.check.red { border-left-color: var(--red) }
.check.amber { border-left-color: var(--amber) }
.check.unknown { border-left-color: var(--grey) }
.check h1 { font-size: 1.3rem; margin: 0 0 .5rem }
.check h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; border-bottom: 1px solid #8886 }
.light { color: #fff; background: var(--grey); border-radius: 4px; padding: 0 .5em; font-size: .85em; white-space: nowrap }
.light.red { background: var(--red) }
.light.amber { background: var(--amber) }
.light.green { background: var(--green) }
.items { list-style: none; padding: 0; margin: .25rem 0 }
.items > li { margin: .5rem 0 }
.items ul { margin: .15rem 0; padding-left: 1.4rem; font-size: .9rem }
.items p { margin: .15rem 0; font-size: .85rem }
.items pre { margin: .25rem 0 }
.items .caution { font-weight: 600 }
.todo { margin: .25rem 0; padding-left: 0; list-style: none }
.todo li { margin: .25rem 0 }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: .5rem 0 }
figure { margin: .75rem 0 }
figcaption { font-size: .85rem; font-weight: 600 }
figcaption p { font-weight: 400; margin: 0 }
.chart { width: 100%; height: auto }
.chart path, .chart polyline { fill: none; stroke: currentColor }
.chart text { fill: currentColor; font: 11px system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif }
.chart .grid { stroke-opacity: .15 }
.chart .band { fill: var(--green); fill-opacity: .14 }
.chart .line { stroke: var(--blue); stroke-width: 1.75; stroke-linejoin: round }
.chart .dot { fill: var(--blue) }
@media (prefers-color-scheme: dark) {
  :root { --red: #ef6c6c; --amber: #e0a040; --green: #66bb6a; --blue: #64a8f0; --grey: #9e9e9e }
  .light { color: #000 }
}
@media print {
  :root { --red: #c62828; --amber: #a56300; --green: #2e7d32; --blue: #1565c0; --grey: #555 }
  .light { color: #fff; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .chart * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .report.check { break-inside: auto; border: 0; padding: 0 }
  figure, .items > li { break-inside: avoid }
  h2 { break-after: avoid }
  /* An address of the console is longer than what it is about, and nobody types it. */
  .items a[href^="http"]::after { content: none }
}
"""
