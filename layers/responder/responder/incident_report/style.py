"""What the closing report's page needs besides the style of all reports."""

CSS = """\
h1 { font-size: 1.3rem; margin: 0 0 .5rem }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; border-bottom: 1px solid #8886 }
.closing h3 { border: 0; margin: .75rem 0 .25rem }
figure { margin: 0 }
figcaption { font-size: .85rem }
figcaption p { margin: 0 }
.legend { list-style: none; padding: 0; margin: 0 }
.timeline ul { margin: 0; padding-left: 1.2rem; font-size: .85rem }
.timeline td:first-child, .times td:nth-child(2) { white-space: nowrap }
.timeline td:last-child { min-width: 7rem; overflow-wrap: break-word }
.chart { width: 100%; height: auto }
.chart path, .chart polyline { fill: none; stroke: currentColor }
.chart text { fill: currentColor; font: 11px system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif }
.chart .grid { stroke-opacity: .15 }
.chart .line { stroke: var(--blue); stroke-width: 1.5; stroke-linejoin: round }
.chart .dot { fill: var(--blue) }
.chart .limit { stroke: var(--red); stroke-dasharray: 6 4 }
.chart .limit-label { fill: var(--red) }
.chart .mean { stroke: var(--green); stroke-width: 3; stroke-dasharray: 8 4 }
.chart .mark { stroke-dasharray: 2 3 }
.chart .mark.alarm { stroke: var(--red) }
.chart .mark.act { stroke: var(--amber) }
.chart .mark.ok { stroke: var(--green) }
.chart .mark-label { font-weight: 600 }
.timeline li { overflow-wrap: anywhere }
@media screen and (max-width: 40rem) {
  .timeline td:first-child { white-space: normal }
  .timeline td:last-child { min-width: 5rem }
}
@media (prefers-color-scheme: dark) {
  :root { --red: #ef6c6c; --amber: #e0a040; --green: #66bb6a; --blue: #64a8f0; --grey: #9e9e9e }
  .tone, .result, .headline.alert { color: #000 }
}
@media print {
  :root { --red: #c62828; --amber: #a56300; --green: #2e7d32; --blue: #1565c0; --grey: #555 }
  .tone, .result, .headline.alert { color: #fff }
  .report.closing { break-inside: auto; border: 0; padding: 0 }
  figure, .act, tr { break-inside: avoid }
  h2, h3 { break-after: avoid }
  .chart path, .chart polyline, .chart text { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
"""
